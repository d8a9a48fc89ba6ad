"""Gives a position-independent program one address for good, so that its data can be shared.

fixed_address.py PROGRAM…: each in its place. For 64-bit x86 programs; another's is left as it is.

Debian's dockerd holds 342,290 pointers that the loader would put right at every start. The pages
they are on are 7 MiB that each sandbox had of its own; put right in the file, they are the file's,
and all sandboxes share them (docs/adr/0040-shared-memory.md). What the kernel and the loader read
of a program: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html and
https://gitlab.com/x86-psABIs/x86-64-ABI
"""

import struct
import sys
from pathlib import Path

ADDRESS = 0x400000  # where programs without this freedom have always been
IDENTIFICATION = b"\x7fELF\x02\x01"  # 64 bits, little-endian
FIXED, FREE, X86_64 = 2, 3, 62
PT_LOAD, PT_DYNAMIC, PT_GNU_STACK = 1, 2, 0x6474E551
SHF_ALLOC, SHN_UNDEF, SHN_ABS, STT_TLS = 2, 0, 0xFFF1, 6
R_JUMP_SLOT, R_RELATIVE = 7, 8
PLTRELSZ, STRTAB, SYMTAB, RELA, RELASZ, JMPREL = 2, 5, 6, 7, 8, 23
FLAGS_1, RELACOUNT = 0x6FFFFFFB, 0x6FFFFFF9
DF_1_PIE = 0x08000000
# Entries of the dynamic section that are addresses, RELA aside.
ADDRESSES = {3, 5, 6, 12, 13, 23, 25, 26, 0x6FFFFEF5, 0x6FFFFFF0, 0x6FFFFFFE}
RELOCATION, SYMBOL = struct.Struct("<QQq"), struct.Struct("<IBBHQQ")


class Program:
    """The bytes of a program, and where they will be in memory."""

    def __init__(self, content: bytes) -> None:
        self.content = bytearray(content)
        self._loaded: list[tuple[int, int, int]] = []
        self._entries: dict[int, tuple[int, int]] = {}  # tag: where its value is, and the value

    @property
    def is_free(self) -> bool:
        head = self.content[: len(IDENTIFICATION)] == IDENTIFICATION
        return head and struct.unpack_from("<HH", self.content, 16) == (FREE, X86_64)

    def fix(self) -> None:
        """Raises ValueError or KeyError for one that was linked in another way than Debian's."""
        start, segments, sections = struct.unpack_from("<3Q", self.content, 24)
        size, count, section_size, section_count = struct.unpack_from("<4H", self.content, 54)
        for place in range(segments, segments + size * count, size):
            self._move_segment(place)
        self._apply_relocations()
        self._move_symbols()
        for tag, (place, value) in self._entries.items():
            if tag in ADDRESSES:
                self._write(place, value + ADDRESS)
        for place in range(sections, sections + section_size * section_count, section_size):
            flags, address = struct.unpack_from("<QQ", self.content, place + 8)
            if flags & SHF_ALLOC:
                self._write(place + 16, address + ADDRESS)
        struct.pack_into("<H", self.content, 16, FIXED)
        self._write(24, start + ADDRESS)

    def _write(self, place: int, value: int) -> None:
        struct.pack_into("<Q", self.content, place, value)

    def _place_of(self, address: int) -> int:
        for first, place, size in self._loaded:
            if first <= address < first + size:
                return address - first + place
        raise ValueError(f"nothing is loaded at {address:#x}")

    def _move_segment(self, header: int) -> None:
        kind, _flags, place, address, physical, size = struct.unpack_from(
            "<II4Q", self.content, header
        )
        if kind == PT_LOAD:
            self._loaded.append((address, place, size))
        elif kind == PT_DYNAMIC:
            for entry in range(place, place + size, 16):
                tag, value = struct.unpack_from("<QQ", self.content, entry)
                self._entries.setdefault(tag, (entry + 8, value))
        if kind != PT_GNU_STACK:
            struct.pack_into(
                "<QQ", self.content, header + 16, address + ADDRESS, physical + ADDRESS
            )

    def _apply_relocations(self) -> None:
        """The relative ones, which come first, are done and dropped; the others are moved."""
        first, all_bytes = self._entries[RELA][1], self._entries[RELASZ][1]
        done = self._entries[RELACOUNT][1] * RELOCATION.size
        place = self._place_of(first)
        for address, kind, value in RELOCATION.iter_unpack(
            bytes(self.content[place : place + done])
        ):
            if kind != R_RELATIVE:
                raise ValueError(f"relocation {kind:#x} among the relative ones")
            self._write(self._place_of(address), value + ADDRESS)
        self._move_relocations(place + done, all_bytes - done)
        self._move_relocations(self._place_of(self._entries[JMPREL][1]), self._entries[PLTRELSZ][1])
        self._write(self._entries[RELA][0], first + done + ADDRESS)
        self._write(self._entries[RELASZ][0], all_bytes - done)
        self._write(self._entries[RELACOUNT][0], 0)
        self._write(self._entries[FLAGS_1][0], self._entries[FLAGS_1][1] & ~DF_1_PIE)

    def _move_relocations(self, first: int, size: int) -> None:
        for place in range(first, first + size, RELOCATION.size):
            address, kind, _value = RELOCATION.unpack_from(self.content, place)
            self._write(place, address + ADDRESS)
            if kind & 0xFFFFFFFF == R_RELATIVE:
                raise ValueError("a relative relocation among the others")
            if kind & 0xFFFFFFFF == R_JUMP_SLOT:
                slot = self._place_of(address)
                (target,) = struct.unpack_from("<Q", self.content, slot)
                if target:  # bound when it is first called
                    self._write(slot, target + ADDRESS)

    def _move_symbols(self) -> None:
        first, end = (self._place_of(self._entries[tag][1]) for tag in (SYMTAB, STRTAB))
        for place in range(first, end - SYMBOL.size + 1, SYMBOL.size):
            _name, info, _other, section, value, _size = SYMBOL.unpack_from(self.content, place)
            if section not in (SHN_UNDEF, SHN_ABS) and info & 15 != STT_TLS:
                self._write(place + 8, value + ADDRESS)


def main(names: list[str]) -> None:
    for name in names:
        path = Path(name)
        program = Program(path.read_bytes())
        if program.is_free:
            program.fix()
            path.write_bytes(program.content)


if __name__ == "__main__":
    main(sys.argv[1:])
