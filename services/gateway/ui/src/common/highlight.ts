/** Colours for the languages that catalog files and API definitions are written in. */
import highlighter from "highlight.js/lib/core";
import graphql from "highlight.js/lib/languages/graphql";
import json from "highlight.js/lib/languages/json";
import protobuf from "highlight.js/lib/languages/protobuf";
import typescript from "highlight.js/lib/languages/typescript";
import yaml from "highlight.js/lib/languages/yaml";

const languages = { graphql, json, protobuf, typescript, yaml };
Object.entries(languages).forEach(([name, grammar]) => highlighter.registerLanguage(name, grammar));

/** Escaped HTML with `hljs-*` classes, or null for a language that has no colours here. */
export function highlight(code: string, language: string): string | null {
  return language in languages ? highlighter.highlight(code, { language, ignoreIllegals: true }).value : null;
}
