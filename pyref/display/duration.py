"""How long something takes, in words."""


def duration(seconds: float) -> str:
    """
    >>> duration(0.0123), duration(3.21), duration(61), duration(7261)
    ('12 ms', '3.2 s', '1 min 1 s', '2 h 1 min')
    """
    if seconds < 0.9995:
        return f"{1000.0 * seconds:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return "{} h {} min".format(*divmod(minutes, 60))
