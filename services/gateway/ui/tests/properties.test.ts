import { Cloud, Shapes } from "lucide-react";
import { expect, test } from "vitest";
import type { Kind, KindProperty } from "../src/api/types";
import { lookOf, looksOf } from "../src/common/kinds";
import { hasNoValue, namesOf } from "../src/entity/properties";
import { hasProperties } from "../src/live/invalidation";

const property = (name: string): KindProperty => ({ name, title: name.toUpperCase(), description: null, source: "compute" });
const kind = (name: string, more: Partial<Kind> = {}) => ({ kind: name, title: name, plural: `${name}s`, icon: null, properties: [], ...more }) as unknown as Kind;

test("kinds that definitions add have their words and icons, built-in ones keep theirs", () => {
  const looks = looksOf([kind("Environment", { title: "Surroundings", icon: "Cloud" }), kind("Rack", { icon: "rm -rf" }), kind("API", { plural: "x" })]);
  expect(lookOf("environment", looks)).toEqual({ icon: Cloud, label: "Surroundings", plural: "Environments" });
  expect(lookOf("rack", looks).icon).toBe(Shapes);
  expect(lookOf("api", looks).plural).toBe("APIs");
  expect(lookOf("unheard", looks).plural).toBe("Unheards");
});

test("properties come in the order of their definition, others last", () => {
  const names = namesOf({ old: 1, cost: 2, mail: "a" }, [property("mail"), property("missing"), property("cost")]);
  expect(names.map(({ title }) => title)).toEqual(["MAIL", "COST", "old"]);
});

test("only the pages of kinds with properties are asked again when something else changes", () => {
  const kinds = [kind("Component", { properties: [property("mail")] }), kind("API")];
  expect(hasProperties(["entity", "component:default/a"], kinds)).toBe(true);
  expect(hasProperties(["entity", "api:default/a"], kinds)).toBe(false);
  expect(hasProperties(["past", "component:default/a"], kinds)).toBe(false);
});

test("why a property has no value is told by its own type of status", () => {
  expect(hasNoValue({ type: "sipario.dev/properties", level: "warning", message: "" })).toBe(true);
  expect(hasNoValue({ type: "backstage.io/catalog-processing", level: "error", message: "" })).toBe(false);
});
