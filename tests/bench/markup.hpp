// SPDX-License-Identifier: MIT
#pragma once

#include <cctype>
#include <string>
#include <vector>

namespace fsis_test {

/// What keeps a text from being well-formed markup in the sense of XML, "" when nothing does: tags that close in order,
/// attributes in double quotes, no bare '<' or '&' between them. A document type may stand first.
inline std::string fault_of_markup(std::string const& text) {
  std::vector<std::string> open;
  auto const is_entity = [&](std::size_t at) {
    for (char const* e : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"})
      if (text.compare(at, std::string(e).size(), e) == 0) return true;
    return false;
  };
  std::size_t at = text.compare(0, 9, "<!DOCTYPE") == 0 ? text.find('>') + 1 : 0;
  while (at < text.size()) {
    if (text[at] == '&' && !is_entity(at)) return "a bare & at " + std::to_string(at);
    if (text[at] == '>') return "a bare > at " + std::to_string(at);
    if (text[at] != '<') {
      ++at;
      continue;
    }
    bool const closes = text.compare(at, 2, "</") == 0;
    std::size_t i = at + (closes ? 2 : 1);
    std::string name;
    while (i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0)) name += text[i++];
    if (name.empty()) return "no name of a tag at " + std::to_string(at);
    while (i < text.size() && text[i] != '>' && text.compare(i, 2, "/>") != 0) {
      if (text[i] == ' ') {
        ++i;
        continue;
      }
      std::size_t const equals = text.find("=\"", i);
      std::size_t const end = equals == std::string::npos ? equals : text.find('"', equals + 2);
      if (closes || end == std::string::npos) return "no attribute in the tag " + name + " at " + std::to_string(at);
      for (std::size_t k = i; k < equals; ++k)
        if (std::isalnum(static_cast<unsigned char>(text[k])) == 0 && text[k] != '-')
          return "no name of an attribute at " + std::to_string(k);
      for (std::size_t k = equals + 2; k < end; ++k)
        if (text[k] == '<' || (text[k] == '&' && !is_entity(k)))
          return "markup in an attribute at " + std::to_string(k);
      i = end + 1;
    }
    if (i >= text.size()) return "the tag " + name + " has no end";
    bool const is_empty = text[i] == '/';
    if (closes) {
      if (open.empty() || open.back() != name) return "</" + name + "> closes nothing at " + std::to_string(at);
      open.pop_back();
    } else if (!is_empty) {
      open.push_back(name);
    }
    at = i + (is_empty ? 2 : 1);
  }
  return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

}  // namespace fsis_test
