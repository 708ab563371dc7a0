import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COMMON_COLUMNS, parseFilter } from "@fourwire/core";
import { complete } from "./complete.ts";
import { excludeValue, includeValue, onlyValue, removeValue, splitTerms, stateOfValue, writeTerm } from "./terms.ts";

describe("reading a filter", () => {
  test("quotes keep words together", () => {
    expect(splitTerms('source:ccp_log "ice failed" -agent_username:"ana ruiz",ben')).toEqual([
      { text: "source:ccp_log", field: "source", isExcluded: false, values: ["ccp_log"] },
      { text: '"ice failed"', field: undefined, isExcluded: false, values: [] },
      {
        text: '-agent_username:"ana ruiz",ben',
        field: "agent_username",
        isExcluded: true,
        values: ["ana ruiz", "ben"],
      },
    ]);
  });
  test("an unfinished quote runs to the end", () => {
    expect(splitTerms('event_name:"two wor')[0]?.values).toEqual(["two wor"]);
  });
});

describe("editing a filter", () => {
  test("the first value of a field is a term of its own", () => {
    expect(includeValue("ice", "source", "ccp_log")).toBe("ice source:ccp_log");
  });
  test("a second value is an alternative, because terms are ANDed", () => {
    expect(includeValue("source:ccp_log ice", "source", "flow_log")).toBe("source:ccp_log,flow_log ice");
  });
  test("a value that needs quotes takes the term's place, because a list cannot hold it", () => {
    expect(includeValue("agent_username:ana", "agent_username", "ana ruiz")).toBe('agent_username:"ana ruiz"');
  });
  test("a value that is there already is not added twice", () => {
    expect(includeValue("source:ccp_log", "source", "ccp_log")).toBe("source:ccp_log");
  });
  test("nothing is added to a comparison", () => {
    expect(includeValue("severity_number:>=17", "severity_number", "13")).toBe(
      "severity_number:>=17 severity_number:13",
    );
  });
  test("including what was excluded takes the exclusion away", () => {
    expect(includeValue("-source:ccp_log", "source", "ccp_log")).toBe("source:ccp_log");
  });
  test("excluding what was included takes it from the alternatives", () => {
    expect(excludeValue("source:ccp_log,flow_log", "source", "ccp_log")).toBe("source:flow_log -source:ccp_log");
  });
  test("only forgets what was said of the field, and of no other", () => {
    expect(onlyValue("source:a -source:b agent_id:x source:>=1 ice", "source", "c")).toBe("agent_id:x ice source:c");
  });
  test("removing the last alternative removes the term", () => {
    expect(removeValue("source:a,b -source:c", "source", "a")).toBe("source:b -source:c");
    expect(removeValue("source:b -source:c", "source", "c")).toBe("source:b");
  });
  test("values that would be read as more than one are quoted", () => {
    expect(["a b", "a,b", 'a"b', ">=1", "*", ""].map((value) => writeTerm("f", [value]))).toEqual([
      'f:"a b"',
      'f:"a,b"',
      'f:"a\\"b"',
      'f:">=1"',
      'f:"*"',
      'f:""',
    ]);
  });
  test("what was typed by hand is left as it was", () => {
    expect(includeValue('severity_number:>=17 "a  b"', "source", "x")).toBe('severity_number:>=17 "a  b" source:x');
  });
  test("any value that is included is found included, excluded found excluded, removed found gone", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (value, other) => {
        const included = includeValue(writeTerm("agent_id", [other]), "source", value);
        const excluded = excludeValue(included, "source", value);
        expect([
          stateOfValue(included, "source", value),
          stateOfValue(excluded, "source", value),
          stateOfValue(removeValue(excluded, "source", value), "source", value),
          stateOfValue(excluded, "agent_id", other),
        ]).toEqual(["included", "excluded", "none", "included"]);
      }),
    );
  });
});

describe("what the page writes is what the server reads", () => {
  const fields = new Set(COMMON_COLUMNS.map((column) => column.name));
  test("any value, included or excluded, is one term that names exactly it", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200 }), fc.boolean(), (value, isNegated) => {
        const filter = isNegated ? excludeValue("", "event_name", value) : includeValue("", "event_name", value);
        expect(parseFilter(filter, fields)).toEqual({
          ok: true,
          terms: [{ kind: "equals", field: "event_name", values: [value], isNegated }],
        });
      }),
    );
  });
  test("alternatives are read as alternatives", () => {
    const filter = includeValue(includeValue("", "source", "ccp_log"), "source", "flow_log");
    expect(parseFilter(filter, fields)).toMatchObject({ terms: [{ kind: "equals", values: ["ccp_log", "flow_log"] }] });
  });
});

describe("completing a filter", () => {
  const known = new Map([
    ["source", ["ccp_log", "flow_log"]],
    ["severity", ["error", "warn"]],
    ["agent_username", ["ana ruiz"]],
  ]);
  test("a word begins a field's name", () => {
    expect(complete("ice s", 5, known)).toEqual({ start: 4, end: 5, options: ["source:", "severity:"] });
  });
  test("a field is completed by its observed values, also when excluded", () => {
    expect(complete("-source:f", 9, known)).toEqual({ start: 0, end: 9, options: ["-source:flow_log "] });
  });
  test("a value with a space comes quoted", () => {
    expect(complete("agent_username:an", 17, known)?.options).toEqual(['agent_username:"ana ruiz" ']);
  });
  test("nothing is offered for an empty word or an unknown field", () => {
    expect([complete("", 0, known), complete("ice ", 4, known), complete("nope:x", 6, known)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
