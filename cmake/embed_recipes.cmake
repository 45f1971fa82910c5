# Writes OUTPUT, a C++ file that holds the YAML files of FOLDER as raw string literals.
# Usage: cmake -DFOLDER=... -DOUTPUT=... -P embed_recipes.cmake
file(GLOB recipes ${FOLDER}/*.yaml)
list(SORT recipes)
set(entries "")
foreach(path IN LISTS recipes)
  get_filename_component(name ${path} NAME_WE)
  file(READ ${path} yaml)
  string(APPEND entries "        {\"${name}\", R\"yaml(${yaml})yaml\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Generated from resources/recipes.
#include \"engine/pipeline/built_in_recipes.h\"

namespace faultline::pipeline
{

std::vector<std::pair<std::string_view, std::string_view>> builtInRecipeTexts()
{
    return {
${entries}    };
}

} // namespace faultline::pipeline
")
