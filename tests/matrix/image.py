"""The memory that a cffi structure reaches, as text from which the driver makes it again.

Numbers are written as hexadecimal digits of their bits, so that nobody parses decimals.  Pointers
are written as places in blocks of memory, so that they may have another width elsewhere.
"""

import io
import struct
from typing import Any, Dict, Iterable, Tuple

from pyref._kernel import ffi
from pyref.engine.buffers import NUMBERS

SIZES = {"double": 8, "float": 4, "int64_t": 8, "int32_t": 4, "uint32_t": 4, "uint8_t": 1}
STRUCTURES = ("Run", "Layer", "Rule")


class Image:
    """All memory that a cffi structure reaches, as text for the driver."""

    def __init__(self, run: Any, owned: Iterable[Any]) -> None:
        self.kind = ffi.typeof("float *" if run.is_single else "double *")  # of numbers
        self.ranges = [extent(run)] + [extent(getattr(data, "store", data)) for data in owned]
        self.begins: Dict[int, int] = {}  # for each range that is pointed to, the lowest place
        self.types: Dict[int, Any] = {}
        self.visit(run)
        self.numbers = {place: number for number, place in enumerate(self.begins, 1)}

    def visit(self, pointer: Any) -> None:
        """Note what it points to, and what that points to."""
        place, address = self.place_of(pointer)
        if ffi.typeof(pointer) is NUMBERS:
            pointer = ffi.cast(self.kind, pointer)
        is_new = place not in self.begins
        self.begins[place] = min(address, self.begins.get(place, address))
        self.types[place] = kind = ffi.typeof(pointer).item
        if is_new and kind.kind == "struct":
            for structure in self.items(place):
                for _, member in members_of(structure):
                    if is_pointer(member) and member != ffi.NULL:
                        self.visit(member)

    def place_of(self, pointer: Any) -> Tuple[int, int]:
        address = int(ffi.cast("uintptr_t", pointer))
        for place, (begin, end) in enumerate(self.ranges):
            if begin <= address < max(end, begin + 1):  # an empty one has its place too
                return place, address
        raise LookupError(f"nobody keeps the memory of {pointer}")

    def items(self, place: int) -> Any:
        begin, kind = self.begins[place], self.types[place]
        count = (self.ranges[place][1] - begin) // ffi.sizeof(kind)
        return ffi.cast(ffi.typeof(ffi.getctype(kind, "*")), begin)[0:count]

    def text(self) -> str:
        out = io.StringIO()
        print(len(self.begins), file=out)
        for place in self.begins:
            print(self.types[place].cname, len(self.items(place)), file=out)
        for place in self.begins:
            items = self.items(place)
            if self.types[place].kind == "primitive":
                out.write(numbers_text(items, self.types[place].cname))
                continue
            for structure in items:
                for _, member in members_of(structure):
                    out.write(self.member_text(member))
        return out.getvalue()

    def member_text(self, member: Any) -> str:
        if not is_pointer(member):
            return numbers_text(member if isinstance(member, ffi.CData) else [member])
        if member == ffi.NULL:
            return "0 0\n"
        place, address = self.place_of(member)
        element = (address - self.begins[place]) // ffi.sizeof(self.types[place])
        return f"{self.numbers[place]} {element}\n"


def extent(data: Any) -> Tuple[int, int]:
    if not isinstance(data, ffi.CData):
        data = ffi.from_buffer(data)
    size = ffi.sizeof(data[0]) if ffi.typeof(data).kind == "pointer" else ffi.sizeof(data)
    begin = int(ffi.cast("uintptr_t", data))
    return begin, begin + size


def is_pointer(member: Any) -> bool:
    return isinstance(member, ffi.CData) and ffi.typeof(member).kind == "pointer"


def members_of(structure: Any, path: str = "") -> Iterable[Tuple[str, Any]]:
    """Numbers, arrays of numbers and pointers, those of structures inside it included."""
    for name, field in ffi.typeof(structure).fields:
        member = getattr(structure, name)
        if field.type.kind == "struct":
            yield from members_of(member, f"{path}{name}.")
        elif field.type.kind == "array" and field.type.item.kind == "struct":
            for place, item in enumerate(member):
                yield from members_of(item, f"{path}{name}[{place}].")
        else:
            yield path + name, member


def numbers_text(values: Iterable[Any], kind: str = "double") -> str:
    """How many are not 0, and for each of them its place and its bits."""
    code = ">f" if kind == "float" else ">d"
    found = []
    for place, value in enumerate(values):
        packed = struct.pack(code, value) if isinstance(value, float) else (
            (value & 2**64 - 1).to_bytes(8, "big"))
        if any(packed):
            found.append(f"{place} {packed.hex()}\n")
    return f"{len(found)}\n" + "".join(found)


def members_header() -> str:
    """members.h: the structures of run.h as tables, for the compiler that builds the driver."""
    tables, types = [], []
    for name, size in SIZES.items():
        types.append(f'    {{"{name}", {size}, NULL}},\n')
    for name in STRUCTURES:
        rows = []
        for path, member in members_of(ffi.new(f"{name} *")[0]):
            size, count = 0, 1
            if isinstance(member, ffi.CData) and not is_pointer(member):
                size, count = SIZES[ffi.typeof(member).item.cname], len(member)
            elif not is_pointer(member):
                size = SIZES[type_of(name, path).cname]
            rows.append(f"    {{offsetof({name}, {path}), {size}, {count}}},\n")
        members = "".join(rows)
        tables.append(f"static const Member members_of_{name}[] = {{\n{members}    {{0}}\n}};\n")
        types.append(f'    {{"{name}", sizeof({name}), members_of_{name}}},\n')
    return "".join(tables) + f"static const Type types[] = {{\n{''.join(types)}    {{0}}\n}};\n"


def type_of(name: str, path: str) -> Any:
    found = ffi.typeof(name)
    for part in path.split("."):
        part, _, place = part.partition("[")
        found = dict(found.fields)[part].type
        found = found.item if place else found
    return found
