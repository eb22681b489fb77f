import { afterEach, expect, test, vi } from "vitest";
import { removeEntity, restore } from "../src/api/acts";

const WRITTEN = () => new Response(null, { status: 204, headers: { "Sipario-Wait-For": "token" } });
const refused = (status: number) => () =>
  new Response(JSON.stringify({ error: { name: "Refused", message: "It is so" } }), { status });

/** A server that answers with these, one after the other. */
function serverOf(...answers: (() => Response)[]): void {
  vi.stubGlobal("fetch", async () => (answers.shift() ?? refused(500))());
}

afterEach(() => void vi.unstubAllGlobals());

test("what was written and can be read is done", async () => {
  serverOf(WRITTEN, () => new Response("{}"));
  expect(await restore("component:default/a")).toBe("seen");
});

test("what was written is done, though it cannot be read for as long as one waits", async () => {
  serverOf(WRITTEN, refused(503));
  expect(await restore("component:default/a")).toBe("soon");
  serverOf(WRITTEN, refused(503));
  expect(await removeEntity("uid")).toBe("soon");
});

test("what is refused was not done", async () => {
  serverOf(refused(503));
  await expect(removeEntity("uid")).rejects.toThrow("It is so");
  serverOf(WRITTEN, refused(403));
  await expect(restore("component:default/a")).rejects.toThrow("It is so");
});
