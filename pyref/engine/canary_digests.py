"""What canary.py must find.  Written by `python3 -m pyref.selftest.write`."""

DIGESTS = {
    "exp":
        "e7f7e711b718c42b56c12fbf400c316c3cde80c7ff60b23aa7a170d526b9096b",
    "expm1":
        "302452d7a5c0d9c816da1a63e0a065d9f0ebf9f5ac33c6b9e5ce557766358183",
    "tanh":
        "6333fcb8b42a8ce0efef510fca9d8060bff78807b69c52a3006bb76bbdb93c67",
    "sigmoid":
        "893edc9de48dcca7b3703dca133318435d0f0ddb93e660b14e0c4e6e7448529a",
    "softplus":
        "6be89dd52e44e230e366176943af394b3892bc4c10ce38171dcd1929fcdcb761",
    "cos_pi":
        "bb7e3adb157dc550e3ca5e65d1a9bca919737e1d0eb59893a308d131d5fc74c4",
    "log":
        "76d12b416bbea3500245d89e0c140f727c95908b03044c4784e3effaba15aa27",
    "power":
        "61a51923a68510cc08e8f6ea872b7cf1974206af06eecca0abcd91c9c1e4a560",
    "a training of softmax outputs":
        "15e69ba74339d4b4de93c72db74d7d85bdd96ee3aaf6e9edeaa6f5900af6fcb8",
    "a training with dropout":
        "4e0281e04c9a4d500d7951f0abaffde8ff738f7a9751e430ecfaeb542d9b81c6",
}
