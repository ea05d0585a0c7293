"""What canary.py must find.  Written by `python3 -m pyref.selftest.write`."""

DIGESTS = {
    "exp":
        "d169f515d64cf29d0ebb1f5ce95487775dce7e341bd7762ac502de74c953de70",
    "expm1":
        "da554c1ee8ac20213bf0a517216bbf44e75c0276f7e4a6aa6e82ef438bcb96d9",
    "tanh":
        "f348198f0bb0d9caedfb6a4e9f0c0738d3b82690cba166e8b98bb8a4e5f5ba67",
    "sigmoid":
        "14ec2573242375ba10384a2ec8dd4b39563c25f57b58ee628f128cbdfb0fa214",
    "softplus":
        "c4eac19a25d546cc1f7ec17138b895fcb5a34e147c9ebc361335e417e08cf88d",
    "cos_pi":
        "c18c491fa6059f749b70399335b9dfd9638d3236444882c8b9cc18e5c22d4a17",
    "log":
        "8661b808bee198e6bdb65e9b00a007e67342afc225db6624c9790f5bfe7d2bcc",
    "power":
        "da0e2861e67e9c70be3011b3ec27f86486ce5c02a188583ac60c9aecb89356f5",
    "a training of softmax outputs":
        "15e69ba74339d4b4de93c72db74d7d85bdd96ee3aaf6e9edeaa6f5900af6fcb8",
    "a training with dropout":
        "4e0281e04c9a4d500d7951f0abaffde8ff738f7a9751e430ecfaeb542d9b81c6",
    "a training in single precision":
        "a1a8672d83e40df6cef09e64583250c4debdc9ae17abd2bc65255562176b77d0",
}
