"""What canary.py must find.  Written by `python3 -m pyref.selftest.write`."""

DIGESTS = {
    "exp":
        "3cbecf4cf1cc8095123344cb1e635c89f72eff6e067845e6009b0902490514c8",
    "expm1":
        "a4d4a156d17a0a111cfb13b39db406d0b01d8594d4e8cef7620f3553a3e0a0a2",
    "tanh":
        "1bd4c060d142cece94a8210e22e88793ee36a8ef7186d277bd634d8bfd73df31",
    "sigmoid":
        "74039ddf3fef88d7e75024051d84bfd89f6f42896e747a7b2f520941a1c247fc",
    "softplus":
        "7a7c0fa632b34e6ebd308c45c65ec24164c6ea86be1934fff950dc10a2617751",
    "cos_pi":
        "3dd128f3f9c62bbe33d4a5c7dc1485cdf3075d87af5ef1701b7102321b5d305e",
    "log":
        "39712660b0cdc9eca05b5dffc358c01d54ecd90adcaf7a00ecebf47255b6da70",
    "power":
        "8b89b544051b4cacbde568bf6127d7a5b0e1f13f1b98674bfc01a75ab3bfe2ac",
    "a training of softmax outputs":
        "15e69ba74339d4b4de93c72db74d7d85bdd96ee3aaf6e9edeaa6f5900af6fcb8",
    "a training with dropout":
        "4e0281e04c9a4d500d7951f0abaffde8ff738f7a9751e430ecfaeb542d9b81c6",
}
