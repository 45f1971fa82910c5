// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/store/artifact_header.h"
#include "engine/core/hash.h"
#include <algorithm>
#include <array>
#include <set>

namespace faultline::store
{

namespace
{
constexpr std::array typeNames{
    std::pair{TensorType::F64, std::string_view("F64")}, std::pair{TensorType::F32, std::string_view("F32")},
    std::pair{TensorType::I64, std::string_view("I64")}, std::pair{TensorType::I32, std::string_view("I32")},
    std::pair{TensorType::U32, std::string_view("U32")}, std::pair{TensorType::U8, std::string_view("U8")}};

constexpr std::size_t maxDimensions = 16;

tl::unexpected<Error> bad(std::string message)
{
    return fail({ErrorCode::Parse, std::move(message), {}, {}});
}

/// Takes the header apart while it is parsed, so that a header that is not of the expected form is refused at the first
/// surprise instead of being built up in memory first.
class HeaderReader : public nlohmann::json_sax<nlohmann::json>
{
public:
    ArtifactHeader header;
    std::string failure;

    bool key(string_t& text) override
    {
        switch (m_place) {
        case Place::Top:
            m_place = text == "__metadata__" ? Place::MetadataAhead : Place::TensorAhead;
            return m_names.insert(text).second ? (m_tensor = {.name = text}, m_seen = 0, true)
                                               : refuse("names `" + text + "` twice");
        case Place::Metadata:
            m_target = text == "faultline" ? &header.facts : text == "sha256" ? &header.sha256 : &m_ignored;
            return m_metadata.insert(text).second || refuse("names `" + text + "` twice in its metadata");
        case Place::Tensor:
            m_place = text == "dtype" ? Place::Type : text == "shape" ? Place::ShapeAhead : Place::OffsetsAhead;
            if (m_place == Place::OffsetsAhead && text != "data_offsets")
                return refuse("has an unknown property `" + text + "` of tensor " + m_tensor.name);
            return true;
        default:
            return misplaced();
        }
    }
    bool string(string_t& text) override
    {
        if (m_place == Place::Metadata) {
            *m_target = std::move(text);
            return true;
        }
        if (m_place != Place::Type)
            return misplaced();
        const auto type = tensorTypeNamed(text);
        if (!type)
            return refuse("gives tensor " + m_tensor.name +
                          " an element type that is not known: " + text.substr(0, 20));
        m_tensor.type = *type;
        return completed(1);
    }
    bool number_unsigned(number_unsigned_t value) override
    {
        if (m_place == Place::Shape && m_tensor.shape.size() < maxDimensions) {
            m_tensor.shape.push_back(value);
            return true;
        }
        if (m_place == Place::Offsets && m_offsets < 2) {
            (m_offsets == 0 ? m_tensor.begin : m_tensor.end) = value;
            ++m_offsets;
            return true;
        }
        return misplaced();
    }
    bool start_object(std::size_t) override
    {
        switch (m_place) {
        case Place::Start:
            return enter(Place::Top);
        case Place::MetadataAhead:
            return enter(Place::Metadata);
        case Place::TensorAhead:
            return enter(Place::Tensor);
        default:
            return misplaced();
        }
    }
    bool end_object() override
    {
        switch (m_place) {
        case Place::Metadata:
            return enter(Place::Top);
        case Place::Top:
            return enter(Place::End);
        case Place::Tensor:
            if (m_seen != 7)
                return refuse("lacks dtype, shape or data_offsets of tensor " + m_tensor.name);
            header.tensors.push_back(std::move(m_tensor));
            return enter(Place::Top);
        default:
            return misplaced();
        }
    }
    bool start_array(std::size_t) override
    {
        m_offsets = 0;
        if (m_place == Place::ShapeAhead)
            return enter(Place::Shape);
        return m_place == Place::OffsetsAhead ? enter(Place::Offsets) : misplaced();
    }
    bool end_array() override
    {
        if (m_place == Place::Shape)
            return completed(2);
        return m_place == Place::Offsets && m_offsets == 2 ? completed(4) : misplaced();
    }
    bool null() override { return misplaced(); }
    bool boolean(bool) override { return misplaced(); }
    bool number_integer(number_integer_t) override { return misplaced(); }
    bool number_float(number_float_t, const string_t&) override { return misplaced(); }
    bool binary(binary_t&) override { return misplaced(); }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override
    {
        return refuse("is not valid JSON at byte " + std::to_string(position));
    }

private:
    enum class Place : std::uint8_t {
        Start,
        Top,
        MetadataAhead,
        Metadata,
        TensorAhead,
        Tensor,
        Type,
        ShapeAhead,
        Shape,
        OffsetsAhead,
        Offsets,
        End
    };
    Place m_place = Place::Start;
    TensorEntry m_tensor;
    unsigned m_seen = 0; // bits: 1 dtype, 2 shape, 4 data_offsets
    unsigned m_offsets = 0;
    std::set<std::string> m_names, m_metadata;
    std::string m_ignored;
    std::string* m_target = &m_ignored;

    bool enter(Place place)
    {
        m_place = place;
        return true;
    }
    bool completed(unsigned bit)
    {
        if ((m_seen & bit) != 0)
            return refuse("says a property of tensor " + m_tensor.name + " twice");
        m_seen |= bit;
        return enter(Place::Tensor);
    }
    bool refuse(std::string what)
    {
        failure = std::move(what);
        return false;
    }
    bool misplaced() { return refuse("does not have the form of a safetensors header"); }
};

/// Every tensor's shape must agree with its bytes, and all bytes must belong to exactly one tensor.
Result<void> checkLayout(std::vector<TensorEntry>& tensors, std::uint64_t dataBytes)
{
    std::ranges::sort(tensors, {},
                      [](const TensorEntry& t) { return std::tuple(t.begin, t.end, std::string_view(t.name)); });
    std::uint64_t covered = 0;
    for (const auto& tensor : tensors) {
        std::uint64_t bytes = elementBytes(tensor.type);
        for (const auto size : tensor.shape)
            if (__builtin_mul_overflow(bytes, size, &bytes))
                return bad("the shape of tensor " + tensor.name + " is larger than any memory");
        if (tensor.begin > tensor.end || tensor.end > dataBytes)
            return bad("tensor " + tensor.name + " lies outside of the file");
        if (tensor.end - tensor.begin != bytes)
            return bad("the shape of tensor " + tensor.name + " does not match its " +
                       std::to_string(tensor.end - tensor.begin) + " bytes");
        if (tensor.begin != covered)
            return bad("tensor " + tensor.name +
                       (tensor.begin < covered ? " overlaps another" : " has unused bytes before it"));
        covered = tensor.end;
    }
    if (covered != dataBytes)
        return bad(std::to_string(dataBytes - covered) + " bytes at the end belong to no tensor");
    return {};
}
} // namespace

std::string_view tensorTypeName(TensorType type)
{
    for (const auto& [known, name] : typeNames)
        if (known == type)
            return name;
    return "U8";
}

std::optional<TensorType> tensorTypeNamed(std::string_view name)
{
    for (const auto& [type, known] : typeNames)
        if (known == name)
            return type;
    return std::nullopt;
}

std::string writeHeader(const ArtifactHeader& header)
{
    nlohmann::json document;
    document["__metadata__"] = {{"faultline", header.facts}, {"sha256", header.sha256}};
    for (const auto& tensor : header.tensors)
        document[tensor.name] = {{"dtype", tensorTypeName(tensor.type)},
                                 {"shape", tensor.shape},
                                 {"data_offsets", {tensor.begin, tensor.end}}};
    auto text = document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    text.resize((text.size() + 7) / 8 * 8, ' ');
    return text;
}

Result<ArtifactHeader> readHeader(std::string_view text, std::uint64_t dataBytes)
{
    const auto brace = text.find_last_not_of(' '); // the layout pads with spaces, other white space is not ours
    if (text.empty() || text.front() != '{' || text[brace] != '}')
        return bad("the header is not a JSON object");
    HeaderReader reader;
    if (!nlohmann::json::sax_parse(text, &reader))
        return bad("the header " + reader.failure);
    if (auto good = checkLayout(reader.header.tensors, dataBytes); !good)
        return fail(good.error());
    return std::move(reader.header);
}

Result<nlohmann::json> readFacts(const std::string& text)
{
    constexpr std::size_t maxDepth = 64, maxValues = 1'000'000;
    std::size_t depth = 0, values = 1;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '\\')
            ++i;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '[' || c == '{')) {
            if (++depth > maxDepth)
                return bad("its facts are nested too deeply");
            ++values;
        } else if (!quoted && (c == ']' || c == '}'))
            depth -= depth > 0 ? 1 : 0;
        else if (!quoted && c == ',' && ++values > maxValues)
            return bad("its facts hold too many values");
    }
    auto facts = nlohmann::json::parse(text, nullptr, false);
    if (facts.is_discarded())
        return bad("its facts are not valid JSON");
    return facts;
}

void ContentHash::add(const TensorEntry& entry, std::span<const std::byte> data)
{
    m_tensors[entry.name] =
        nlohmann::json::array({entry.name, tensorTypeName(entry.type), entry.shape, sha256Hex(data)});
}

std::string ContentHash::hex() const
{
    auto tensors = nlohmann::json::array();
    for (const auto& [name, description] : m_tensors)
        tensors.push_back(description);
    const auto text =
        nlohmann::json::array({m_facts, tensors}).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return sha256Hex(std::as_bytes(std::span(text)));
}

} // namespace faultline::store
