"""Taking turns with a clock, and printing tables.

Work of one thread is measured by the processor time of this process, which other programs on the
machine disturb least; work of several threads by the clock on the wall.
"""

import statistics
import time

processor_time = time.process_time
wall_time = time.perf_counter


def seconds_of(function, argument, clock):
    before = clock()
    function(argument)
    return clock() - before


def fitting(function, seconds, clock):
    """How often to repeat what `function(repetitions)` does so that it takes about `seconds`."""
    repetitions, taken = 1, seconds_of(function, 1, clock)
    while taken < seconds / 2 and repetitions < 10**9:
        growth = min(10.0, max(2.0, seconds / max(taken, 1e-6)))
        repetitions = int(repetitions * growth)
        taken = seconds_of(function, repetitions, clock)
    return repetitions


def seconds_of_one_more(function, repetitions, clock):
    """What one more repetition costs: what a call costs but once is left out."""
    if repetitions == 1:
        return seconds_of(function, 1, clock)
    once = seconds_of(function, 1, clock)
    return (seconds_of(function, repetitions + 1, clock) - once) / repetitions


def medians(functions, seconds=0.3, rounds=5, clock=processor_time):
    """The median seconds of one more repetition of each function.

    `functions` maps names to functions of a number of repetitions.  They are run in turn, round
    by round, so that whatever slows the machine down for a while slows all of them.
    """
    repetitions = {name: fitting(f, seconds, clock) for name, f in functions.items()}
    taken = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            if repetitions[name] == 1 and taken[name] and taken[name][0] > 4 * seconds:
                continue  # too slow to be worth another round
            taken[name].append(seconds_of_one_more(function, repetitions[name], clock))
    return {name: statistics.median(times) for name, times in taken.items()}


def repeated(function):
    """A function of a number of repetitions that calls `function` so often."""

    def repeat(repetitions):
        for _ in range(repetitions):
            function()

    return repeat


def nanoseconds(seconds):
    return f"{seconds * 1e9:,.0f}" if seconds >= 1e-7 else f"{seconds * 1e9:.1f}"


def print_title(text):
    print(f"\n## {text}\n", flush=True)


def print_row(cells, width=12, first=26):
    """One line of a table; an empty cell is a dash."""
    texts = [str(cell) if cell not in ("", None) else "-" for cell in cells]
    print(f"{texts[0]:<{first}}" + "".join(f"{text:>{width}}" for text in texts[1:]), flush=True)
