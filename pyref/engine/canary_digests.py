"""What canary.py must find.  Written by `python3 -m pyref.selftest.write`."""

DIGESTS = {}
