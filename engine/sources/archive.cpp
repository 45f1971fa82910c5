// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/archive.h"
#include <array>

namespace faultline::sources
{

namespace
{

struct Magic {
    std::size_t offset;
    std::string_view bytes, what, remedy;
};

using namespace std::string_view_literals;

constexpr std::array magics{
    Magic{0, "PK\x03\x04"sv, "is a zip archive", "unpack it with `unzip` and name the files in it"},
    Magic{0, "PK\x05\x06"sv, "is an empty zip archive", "choose a file with content"},
    Magic{257, "ustar"sv, "is a tar archive", "unpack it with `tar -xf` and name the files in it"},
    Magic{0, "7z\xBC\xAF\x27\x1C"sv, "is a 7z archive", "unpack it with `7z x` and name the files in it"},
    Magic{0, "Rar!\x1A\x07"sv, "is a rar archive", "unpack it with `unrar x` and name the files in it"},
    Magic{0, "\x04\x22\x4D\x18"sv, "is compressed with lz4", "decompress it with `lz4 -d`"},
    Magic{0, "LZIP"sv, "is compressed with lzip", "decompress it with `lzip -d`"},
    Magic{0, "\x1F\x9D"sv, "is compressed with compress", "decompress it with `uncompress`"},
    Magic{0, "\x1F\xA0"sv, "is compressed with compress", "decompress it with `uncompress`"},
    Magic{0, "\xFF\x06\x00\x00sNaPpY"sv, "is compressed with snappy", "decompress it with `snzip -d`"},
    Magic{0, "PAR1"sv, "is a Parquet table", "export it as CSV"},
    Magic{0, "Obj\x01"sv, "is an Avro file", "export it as JSON lines"},
    Magic{0, "LPKSHHRH"sv, "is a systemd journal", "export it with `journalctl --file=FILE -o json`"},
    Magic{0, "ElfFile\0"sv, "is a Windows event log", "export it as CSV or XML with the Event Viewer"},
    Magic{0, "SQLite format 3\0"sv, "is an SQLite database", "export its table as CSV"},
};

} // namespace

std::optional<Refusal> refusalOf(std::string_view head)
{
    for (const auto& magic : magics)
        if (head.size() >= magic.offset && head.substr(magic.offset).starts_with(magic.bytes))
            return Refusal{std::string(magic.what), std::string(magic.remedy)};
    return std::nullopt;
}

} // namespace faultline::sources
