// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/recipe.h"
#include "tests/fuzz/check.h"

using namespace faultline;

/// Any text is a recipe or an error that says something; a recipe that was read is written and read back as the same.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view yaml(reinterpret_cast<const char*>(data), size);
    const auto recipe = pipeline::parseRecipe(yaml, "fuzz.yaml");
    if (!recipe) {
        fuzz::require(!recipe.error().message.empty(), "an error says what is wrong");
        return 0;
    }
    const auto written = pipeline::writeRecipe(*recipe);
    const auto again = pipeline::parseRecipe(written, "written.yaml");
    if (!again)
        std::fprintf(stderr, "%s\n%s\n", again.error().text().c_str(), written.c_str());
    fuzz::require(again.has_value(), "a written recipe is read back");
    fuzz::require(pipeline::writeRecipe(*again) == written, "a recipe read back is the same");
    return 0;
}
