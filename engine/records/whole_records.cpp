// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/whole_records.h"
#include <utility>

namespace faultline::records
{

namespace
{
class WholeRecordReader final : public sources::BlockReader
{
public:
    WholeRecordReader(std::unique_ptr<sources::BlockReader> reader, const BlockParser& parser)
        : m_reader(std::move(reader)), m_parser(parser)
    {
    }

    Result<std::optional<sources::Block>> next() override
    {
        if (m_waiting)
            return std::exchange(m_waiting, std::nullopt);
        for (;;) {
            auto block = m_reader->next();
            if (!block)
                return block;
            const bool piece =
                *block && ((*block)->startsInsideLine || (*block)->endsInsideLine || (*block)->unfinished);
            if (!*block || piece) {
                if (m_rest.empty())
                    return block;
                m_waiting = std::move(*block); // at the end, the reader says so again
                return std::optional(takeRest());
            }
            if (auto whole = cut(std::move(**block)); !whole.bytes.empty())
                return std::optional(std::move(whole));
        }
    }
    std::uint64_t consumedFileBytes() const override { return m_reader->consumedFileBytes(); }

private:
    sources::Block takeRest()
    {
        const auto text = std::make_shared<const std::string>(std::exchange(m_rest, {}));
        return {.bytes = *text, .offset = m_restOffset, .owner = text};
    }

    sources::Block cut(sources::Block block)
    {
        if (!m_rest.empty()) {
            m_rest += block.bytes;
            block = takeRest();
        }
        const auto whole = m_parser.wholeBytes(block.bytes, block.offset);
        m_rest = block.bytes.substr(whole);
        m_restOffset = block.offset + whole;
        block.bytes = block.bytes.substr(0, whole);
        return block;
    }

    std::unique_ptr<sources::BlockReader> m_reader;
    const BlockParser& m_parser;
    std::string m_rest; ///< the start of a record whose end is further on
    std::uint64_t m_restOffset = 0;
    std::optional<sources::Block> m_waiting;
};
} // namespace

std::unique_ptr<sources::BlockReader> wholeRecords(std::unique_ptr<sources::BlockReader> reader,
                                                   const BlockParser& parser)
{
    return std::make_unique<WholeRecordReader>(std::move(reader), parser);
}

} // namespace faultline::records
