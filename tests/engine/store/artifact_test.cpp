// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/hash.h"
#include "engine/store/artifact.h"
#include "engine/store/artifact_header.h"
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <unistd.h>

namespace faultline::store
{

namespace
{
using testing::HasSubstr;

TensorBundle small()
{
    TensorBundle bundle;
    bundle.put("scores", std::vector<double>{0.5, -1.0, 2.25});
    bundle.put("trees/left", std::vector<std::uint32_t>{1, 2, 3, 4}, {2, 2});
    bundle.put("flags", std::vector<std::uint8_t>{1, 0, 1});
    bundle.facts = {{"seed", 7}, {"name", "small"}};
    return bundle;
}

bool same(const TensorBundle& a, const TensorBundle& b)
{
    return a.facts == b.facts && a.tensors().size() == b.tensors().size() &&
           std::ranges::equal(a.tensors(), b.tensors(), [](const auto& x, const auto& y) {
               return x.first == y.first && x.second.type == y.second.type && x.second.shape == y.second.shape &&
                      x.second.data == y.second.data;
           });
}

/// A file with this header text and so many zero bytes of data.
std::vector<std::byte> withHeader(const std::string& header, std::size_t dataBytes)
{
    std::vector<std::byte> bytes(8 + header.size() + dataBytes);
    const std::uint64_t length = header.size();
    std::memcpy(bytes.data(), &length, 8);
    std::memcpy(bytes.data() + 8, header.data(), header.size());
    return bytes;
}

std::string errorOf(const std::vector<std::byte>& bytes)
{
    const auto bundle = decodeArtifact(bytes, "m.safetensors");
    return bundle ? "no error" : bundle.error().text();
}

std::string tensorHeader(const std::string& tensors)
{
    return R"({"__metadata__":{"faultline":"{}","sha256":"00"},)" + tensors + "}";
}

std::vector<std::byte> bytesOf(std::string_view text)
{
    const auto view = std::as_bytes(std::span(text));
    return {view.begin(), view.end()};
}

class ArtifactFile : public testing::Test
{
protected:
    ArtifactFile()
    {
        std::string pattern = testing::TempDir() + "artifact.XXXXXX";
        m_folder = ::mkdtemp(pattern.data());
    }
    ~ArtifactFile() override { std::filesystem::remove_all(m_folder); }
    [[nodiscard]] std::string path() const { return m_folder + "/m.safetensors"; }

private:
    std::string m_folder;
};
} // namespace

TEST(Artifact, KeepsWhatIsPutIn)
{
    const auto back = decodeArtifact(encodeArtifact(small()), "m");
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_TRUE(same(*back, small()));
}

TEST(Artifact, KeepsAnEmptyBundleAndAnEmptyTensor)
{
    TensorBundle bundle;
    EXPECT_TRUE(same(decodeArtifact(encodeArtifact(bundle), "m").value(), bundle));
    bundle.put("none", std::vector<double>{});
    EXPECT_TRUE(same(decodeArtifact(encodeArtifact(bundle), "m").value(), bundle));
}

TEST(Artifact, KeepsNotANumberAsData)
{
    TensorBundle bundle;
    bundle.put("w",
               std::vector<double>{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()});
    const auto back = decodeArtifact(encodeArtifact(bundle), "m").value().vector<double>("w").value();
    EXPECT_TRUE(std::isnan(back[0]));
    EXPECT_TRUE(std::isinf(back[1]));
}

TEST(Artifact, EqualBundlesMakeEqualBytes)
{
    TensorBundle other;
    other.facts = {{"name", "small"}, {"seed", 7}};
    for (const auto* name : {"trees/left", "scores", "flags"})
        other.insert(name, small().tensors().at(name));
    EXPECT_EQ(encodeArtifact(other), encodeArtifact(small()));
}

TEST(Artifact, FollowsTheSafetensorsLayoutWithAlignedData)
{
    const auto bytes = encodeArtifact(small());
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), 8);
    EXPECT_EQ(length % 8, 0U);
    const auto* text = reinterpret_cast<const char*>(bytes.data()) + 8;
    const auto header = nlohmann::json::parse(text, text + length);
    EXPECT_EQ(header["scores"]["dtype"], "F64");
    EXPECT_EQ(header["scores"]["data_offsets"], (nlohmann::json{0, 24}));
    EXPECT_EQ(header["trees/left"]["shape"], (nlohmann::json{2, 2}));
    EXPECT_EQ(header["trees/left"]["data_offsets"], (nlohmann::json{24, 40}));
    EXPECT_EQ(header["flags"]["data_offsets"], (nlohmann::json{40, 43}));
    EXPECT_EQ(bytes.size(), 8 + length + 43);
}

TEST(Artifact, RefusesATruncationAtEveryOffset)
{
    const auto whole = encodeArtifact(small());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto bundle = decodeArtifact(std::span(whole).first(size), "m");
        ASSERT_FALSE(bundle) << "cut to " << size;
        EXPECT_EQ(bundle.error().code, ErrorCode::Parse);
    }
}

TEST(Artifact, RefusesBytesBehindTheEnd)
{
    auto bytes = encodeArtifact(small());
    bytes.push_back(std::byte{0});
    EXPECT_THAT(errorOf(bytes), HasSubstr("belong to no tensor"));
}

TEST(Artifact, NoFlippedHeaderByteChangesWhatIsRead)
{
    const auto whole = encodeArtifact(small());
    std::uint64_t length = 0;
    std::memcpy(&length, whole.data(), 8);
    for (std::size_t i = 0; i < 8 + length; ++i)
        for (unsigned flip = 1; flip < 256; ++flip) {
            auto bytes = whole;
            bytes[i] ^= static_cast<std::byte>(flip);
            ASSERT_FALSE(decodeArtifact(bytes, "m")) << "byte " << i << " ^ " << flip;
        }
}

TEST(Artifact, NoFlippedDataBitGoesUnnoticed)
{
    const auto whole = encodeArtifact(small());
    for (std::size_t i = whole.size() - 43; i < whole.size(); ++i) {
        auto bytes = whole;
        bytes[i] ^= std::byte{1};
        EXPECT_THAT(errorOf(bytes), HasSubstr("SHA-256"));
    }
}

TEST(Artifact, RefusesAShapeThatOverflows)
{
    const auto header = tensorHeader(R"("a":{"dtype":"F64","shape":[4294967296,4294967296,2],"data_offsets":[0,0]})");
    EXPECT_THAT(errorOf(withHeader(header, 0)), HasSubstr("larger than any memory"));
}

TEST(Artifact, RefusesAShapeThatDisagreesWithItsBytesBeforeAllocating)
{
    const auto header = tensorHeader(R"("a":{"dtype":"F64","shape":[1000000000000],"data_offsets":[0,8]})");
    EXPECT_THAT(errorOf(withHeader(header, 8)), HasSubstr("does not match its 8 bytes"));
}

TEST(Artifact, RefusesATensorOutsideOfTheFile)
{
    const auto header = tensorHeader(R"("a":{"dtype":"U8","shape":[8000000000000],"data_offsets":[0,8000000000000]})");
    EXPECT_THAT(errorOf(withHeader(header, 8)), HasSubstr("outside of the file"));
}

TEST(Artifact, RefusesOffsetsThatRunBackwards)
{
    const auto header = tensorHeader(R"("a":{"dtype":"U8","shape":[4],"data_offsets":[8,4]})");
    EXPECT_THAT(errorOf(withHeader(header, 8)), HasSubstr("outside of the file"));
}

TEST(Artifact, RefusesOverlappingTensors)
{
    const auto header = tensorHeader(R"("a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                                     R"("b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]})");
    EXPECT_THAT(errorOf(withHeader(header, 6)), HasSubstr("overlaps another"));
}

TEST(Artifact, RefusesUnusedBytesBetweenTensors)
{
    const auto header = tensorHeader(R"("a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                                     R"("b":{"dtype":"U8","shape":[4],"data_offsets":[8,12]})");
    EXPECT_THAT(errorOf(withHeader(header, 12)), HasSubstr("unused bytes before it"));
}

TEST(Artifact, RefusesAnUnknownElementType)
{
    const auto header = tensorHeader(R"("a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]})");
    EXPECT_THAT(errorOf(withHeader(header, 4)), HasSubstr("F8_E4M3"));
}

TEST(Artifact, RefusesANameThatIsGivenTwice)
{
    const auto header = tensorHeader(R"("a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                                     R"("a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]})");
    EXPECT_THAT(errorOf(withHeader(header, 4)), HasSubstr("twice"));
}

TEST(Artifact, RefusesAHeaderOfAnotherForm)
{
    for (const std::string header :
         {R"({"a":[1,2]})", R"({"a":1})", R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}})",
          R"({"__metadata__":[]})", R"({"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,0]}})",
          R"({"a":{"dtype":"U8"}})", R"({"a":{}} {})", "{",
          R"({"a":{"dtype":"U8","shape":[0],"shape":[0],"data_offsets":[0,0]}})"})
        EXPECT_FALSE(decodeArtifact(withHeader(header, 0), "m")) << header;
}

TEST(Artifact, RefusesADeeplyNestedHeaderAndDeeplyNestedFacts)
{
    EXPECT_THAT(errorOf(withHeader(R"({"a":)" + std::string(1'000'000, '[') + "}", 0)),
                HasSubstr("form of a safetensors"));
    const auto facts = R"({"__metadata__":{"faultline":")" + std::string(100'000, '[') + R"(","sha256":"00"}})";
    EXPECT_THAT(errorOf(withHeader(facts, 0)), HasSubstr("nested too deeply"));
}

TEST(Artifact, RefusesAHeaderThatClaimsToBeHuge)
{
    auto bytes = encodeArtifact(small());
    const std::uint64_t length = (64ULL << 20) + 1;
    std::memcpy(bytes.data(), &length, 8);
    EXPECT_THAT(errorOf(bytes), HasSubstr("64 MiB"));
}

TEST(Artifact, NamesWhatItIsGivenInstead)
{
    EXPECT_THAT(errorOf(bytesOf("\x80\x04\x95\x10\x0e\xff\xff\xff\x7d\x94.")), HasSubstr("pickle"));
    EXPECT_THAT(errorOf(bytesOf("PK\x03\x04 data.pkl in an archive")), HasSubstr("zip archive"));
    EXPECT_THAT(errorOf(bytesOf("\x08\x07\x12\x07pytorch and more")), HasSubstr("ONNX"));
    EXPECT_THAT(errorOf(bytesOf("\x89HDF\r\n\x1a\n and more")), HasSubstr("HDF5"));
    EXPECT_THAT(errorOf(bytesOf("just some text, no model")), HasSubstr("not a safetensors file"));
}

TEST(Artifact, SaysThatAForeignSafetensorsFileIsNotOurs)
{
    const std::string header = R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})";
    EXPECT_THAT(errorOf(withHeader(header, 4)), HasSubstr("no facts and hash of Faultline"));
}

TEST(Artifact, TheHashIsWhatItsDescriptionSays)
{
    TensorBundle bundle;
    bundle.put("a", std::vector<std::uint8_t>{1, 2});
    const std::vector<std::byte> data{std::byte{1}, std::byte{2}};
    const std::string document = R"(["{}",[["a","U8",[2],")" + sha256Hex(data) + R"("]]])";
    const auto bytes = encodeArtifact(bundle);
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    EXPECT_THAT(text, HasSubstr(sha256Hex(std::as_bytes(std::span(document)))));
}

TEST_F(ArtifactFile, IsReadAsItWasWritten)
{
    ASSERT_TRUE(writeArtifact(path(), small()));
    const auto back = readArtifact(path());
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_TRUE(same(*back, small()));
}

TEST_F(ArtifactFile, IsRefusedAtEveryLengthButItsOwn)
{
    const auto bytes = encodeArtifact(small());
    for (std::size_t size = 0; size < bytes.size(); size += 5) {
        std::ofstream(path(), std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(size));
        EXPECT_FALSE(readArtifact(path())) << "cut to " << size;
    }
}

TEST_F(ArtifactFile, SaysWhenItIsAbsentOrAFolder)
{
    EXPECT_THAT(readArtifact(path()).error().text(), HasSubstr("No such file"));
    EXPECT_THAT(readArtifact(testing::TempDir()).error().text(), HasSubstr("not a regular file"));
}

} // namespace faultline::store
