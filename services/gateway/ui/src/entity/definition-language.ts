/** The language an API definition is written in, for its colours. */
export function languageOf(type: string | undefined, definition: string): string {
  if (type === "graphql") return "graphql";
  if (type === "grpc") return "protobuf";
  if (type === "trpc") return "typescript";
  return definition.trimStart().startsWith("{") ? "json" : "yaml";
}
