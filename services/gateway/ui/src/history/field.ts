/** Fields and values of former versions, as people read them. */

/** A JSON Pointer (RFC 6901) as the dotted path that catalog files are spoken of by. */
export function fieldName(pointer: string): string {
  return partsOf(pointer).join(".");
}

export function partsOf(pointer: string): string[] {
  return pointer.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** A value as text: words as they are, a list with a line for each item, all else as JSON; empty for no value. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value) && value.length > 0) return value.map((item) => `- ${valueText(item)}`).join("\n");
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/**
 * The page of a commit; undefined for repositories without a web address.
 *
 * Bitbucket says `commits`; all others, GitLab's older addresses among them, say `commit`.
 */
export function commitUrl(repository: string, commit: string): string | undefined {
  if (!commit || !/^https?:\/\//i.test(repository) || !URL.canParse(repository)) return undefined;
  const { hostname, pathname } = new URL(repository);
  const bitbucket = hostname.includes("bitbucket") || /\/projects\/[^/]+\/repos\//.test(pathname);
  return `${repository.replace(/\/+$/, "").replace(/\.git$/, "")}/${bitbucket ? "commits" : "commit"}/${commit}`;
}
