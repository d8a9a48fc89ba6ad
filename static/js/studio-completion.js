import { placeIn } from "./yaml-place.js";

/** Completion of `lesson.yml` from its JSON Schema: keys, kinds of checks, and values. */

/** @typedef {Record<string, any>} Schema */

/**
 * @param {string} url where the schema is
 * @returns {(context: any) => Promise<any>}
 */
export function completeFromSchema(url) {
  /** @type {Promise<Schema> | null} */
  let asked = null;
  return async (context) => {
    const before = context.state.doc.sliceString(0, context.pos);
    const place = placeIn(before.split("\n"));
    if (!place.typed && !context.explicit) return null;
    asked ??= fetch(url).then((answer) => answer.json());
    const schema = await asked.catch(() => {
      asked = null;
      return {};
    });
    const options = optionsAt(schema, place);
    return options.length ? { from: context.pos - place.typed.length, options } : null;
  };
}

/**
 * @param {Schema} root
 * @param {import("./yaml-place.js").Place} place
 */
export function optionsAt(root, place) {
  let parts = choices(root, root);
  for (const name of place.way) {
    parts = parts.flatMap((part) => choices(root, below(part, name)));
  }
  return place.key ? parts.flatMap((part) => keysOf(root, part)) : parts.flatMap(valuesOf);
}

/**
 * @param {Schema} part
 * @param {string} name
 * @returns {Schema | undefined}
 */
function below(part, name) {
  if (name === "[]") return part.items ?? part.prefixItems?.[0];
  const other = part.additionalProperties;
  return part.properties?.[name] ?? (typeof other === "object" ? other : undefined);
}

/**
 * What a part may be, its references followed.
 * @param {Schema} root
 * @param {Schema | undefined} part
 * @returns {Schema[]}
 */
function choices(root, part) {
  if (!part) return [];
  if (part.$ref) return choices(root, root.$defs?.[part.$ref.split("/").pop()]);
  const several = part.anyOf ?? part.oneOf ?? part.allOf;
  return several ? several.flatMap((/** @type {Schema} */ one) => choices(root, one)) : [part];
}

/**
 * @param {Schema} root
 * @param {Schema} part
 */
function keysOf(root, part) {
  return Object.entries(part.properties ?? {}).map(([label, described]) => {
    const kinds = choices(root, described);
    const type = [...new Set(kinds.flatMap((kind) => kind.type ?? []))].filter((one) => one !== "null");
    const needed = part.required?.includes(label);
    return {
      label,
      type: "property",
      detail: type.join(" | "),
      info: described.description,
      apply: `${label}: `,
      boost: needed ? 1 : 0,
    };
  });
}

/** @param {Schema} part */
function valuesOf(part) {
  const values = part.enum ?? ("const" in part ? [part.const] : part.type === "boolean" ? [true, false] : []);
  return [...values, ...(part.examples ?? [])].map((value) => ({ label: String(value), type: "enum" }));
}
