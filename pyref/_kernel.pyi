"""The module that cffi makes of csrc/: what C declares, cffi knows, and no hint can."""

from typing import Any

ffi: Any
lib: Any
