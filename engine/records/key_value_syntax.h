// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/key_value_record.h"
#include <span>

namespace faultline::records
{

/// How the lines of a format spell names and values.
struct KeyValueSyntax {
    std::string_view name; ///< of the format
    /// Reads a line; false when it is not of this format. Linear in the line's length.
    bool (*read)(std::string_view line, KeyValueRecord& record) = nullptr;
    std::string_view what; ///< a sentence about what the lines hold, for the reasons
};

/// `time=... level=info msg="..." took=12ms`: names without blanks, values bare, or in quotes with escapes. Words
/// without a name belong to the bare value before them. At least two pairs, the first at the start of the line.
[[nodiscard]] bool readLogfmt(std::string_view line, KeyValueRecord& record);
/// `CEF:0|vendor|product|version|signature|name|severity|extension`, behind a syslog header or not (ArcSight Common
/// Event Format, version 26): pairs of the extension under their labels (cn1 under cn1Label's text), `severity` as a
/// level word, `host` and `headerTime` from the syslog header. The message is msg, else the name.
[[nodiscard]] bool readCef(std::string_view line, KeyValueRecord& record);
/// `LEEF:1.0|vendor|product|version|event|` and tabs, or `LEEF:2.0|...|delimiter|` (QRadar Log Event Extended Format).
[[nodiscard]] bool readLeef(std::string_view line, KeyValueRecord& record);
/// `type=SYSCALL msg=audit(1364481363.243:24287): arch=...` of the Linux audit daemon: time, serial, type, the pairs,
/// those within msg='...' included; `level` warn for what failed or was denied.
[[nodiscard]] bool readAudit(std::string_view line, KeyValueRecord& record);

/// The ones above, the most telling first.
[[nodiscard]] std::span<const KeyValueSyntax> keyValueSyntaxes();

} // namespace faultline::records
