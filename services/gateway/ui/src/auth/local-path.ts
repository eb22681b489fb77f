/** Where to go after signing in: only ever a path of this site, whatever a link to the sign-in page says. */
export function localPath(from: string | undefined): string {
  if (!from || !/^\/(?![/\\])/.test(from) || from.startsWith("/sign-in")) return "/catalog";
  return from;
}
