import * as pulumi from "@pulumi/pulumi";
import { joinPath, messageOf, type Problem } from "../lib/problems";
import { kindOf } from "../lib/records";
import { isPlainShape, isRequiredAt, maxDepth, notYetKnown, type Shape, shapeAt } from "../lib/shape";
import { resolvedProblems, valueProblems } from "../lib/valueProblems";
import { argumentsError, explainedError } from "./argumentsError";
import { isInput, stateOf } from "./inputs";
import { isLiteral, outputOf, resolved, silently } from "./silentOutputs";

/**
 * The checked arguments of a component or a function. Failures name the path: a value with the wrong shape, an Output that
 * rejects, an exception while reading a value. Known values fail here, Outputs where they are used. Both fail with
 * {@link argumentsError}, except for the error of another component, which has already been reported.
 *
 * @param resource the component; undefined for a function
 * @throws ResourceError or RunError with all problems of the values that are known
 */
export function readArguments<Args extends object>(
  subject: string,
  args: Args,
  shape: Shape,
  resource?: pulumi.Resource,
): CheckedArguments<Args> {
  const problems: Problem[] = [];
  const outputs: pulumi.Output<unknown>[] = [];
  const { value, known } = reader(subject, problems, outputs, resource).whole(args, shape);
  problems.push(...(problems.length > 0 ? [] : valueProblems(known, shape, "")));
  if (problems.length > 0) {
    throw argumentsError(subject, problems, resource);
  }
  return {
    checkedArgs: value as Args,
    outputsChecked: Promise.all(outputs.map((output) => stateOf(output).promise())),
  };
}

/** The result of readArguments. */
export interface CheckedArguments<Args> {
  checkedArgs: Args;
  /** Resolves once all Outputs among them have passed their checks, or are unknown at this preview. */
  outputsChecked: Promise<unknown>;
}

/** A checked value, and the part of it that is known now. */
interface Reading {
  value: unknown;
  known: unknown;
}

/** The place of a value: its path, its expected shape, whether it is required, and the objects that contain it. */
interface Place {
  path: string;
  shape: Shape;
  isRequired: boolean;
  within: object[];
}

const unreadable: Reading = { value: undefined, known: notYetKnown };

/** The most that a message shows. Without a limit, a value with many references to itself would never end. */
const mostProblems = 100;

function reader(
  subject: string,
  problems: Problem[],
  outputs: pulumi.Output<unknown>[],
  resource: pulumi.Resource | undefined,
) {
  return { whole };

  function whole(args: unknown, shape: Shape): Reading {
    return attempted({ path: "arguments", shape, isRequired: true, within: [] }, () => {
      if (isInput(args)) {
        silently(pulumi.output(args)).catch(() => undefined);
      }
      if (!isLiteral(args)) {
        problems.push({ path: "arguments", reason: `${describeKind(args)}: give a plain object.` });
        return unreadable;
      }
      return members(args, { path: "", shape, isRequired: true, within: [] });
    });
  }

  function read(value: unknown, place: Place): Reading {
    if (isInput(value)) {
      const checkedValue = isPlainShape(place.shape)
        ? silently(pulumi.output(value))
        : checkedOutput(value, place);
      return { value: checkedValue, known: notYetKnown };
    }
    if (pulumi.isUnknown(value)) {
      return { value, known: notYetKnown };
    }
    if (Array.isArray(value)) {
      return items(value, place);
    }
    return isLiteral(value) ? members(value, place) : { value, known: value };
  }

  /** The result of `f`; an exception becomes a problem of the place. */
  function attempted(place: Place, f: () => Reading): Reading {
    if (problems.length >= mostProblems) {
      return unreadable;
    }
    const { path, within } = place;
    if (within.length > maxDepth) {
      problems.push({ path, reason: `is nested deeper than ${maxDepth} levels.` });
      return unreadable;
    }
    try {
      return f();
    } catch (error) {
      problems.push({ path, reason: `could not be read: ${messageOf(error)}` });
      return unreadable;
    }
  }

  function inner(of: object, key: string, path: string, place: Place): Reading {
    const shape = shapeAt(place.shape, key);
    const innerPlace = {
      path,
      shape,
      isRequired: isRequiredAt(place.shape, key),
      within: [...place.within, of],
    };
    return attempted(innerPlace, () => {
      const value = (of as Record<string, unknown>)[key];
      if (innerPlace.within.includes(value as object)) {
        problems.push({ path, reason: "refers to an object that contains it." });
        return unreadable;
      }
      return read(value, innerPlace);
    });
  }

  function items(of: unknown[], place: Place): Reading {
    const readings = Array.from(of.keys(), (index) =>
      inner(of, String(index), `${place.path}[${index}]`, place),
    );
    return { value: readings.map(({ value }) => value), known: readings.map(({ known }) => known) };
  }

  function members(of: object, place: Place): Reading {
    const readings = Object.keys(of).map(
      (key) => [key, inner(of, key, joinPath(place.path, key), place)] as const,
    );
    return {
      value: Object.fromEntries(readings.map(([key, { value }]) => [key, value])),
      known: Object.fromEntries(
        readings.filter(([, { known }]) => known !== undefined).map(([key, { known }]) => [key, known]),
      ),
    };
  }

  function checkedOutput(input: pulumi.Input<unknown>, place: Place): pulumi.Output<unknown> {
    const output = outputOf(input);
    const check = (value: unknown): unknown => {
      const wrong = resolvedProblems(value, place);
      if (wrong.length > 0) {
        throw argumentsError(subject, wrong, resource);
      }
      return value;
    };
    const checkedLater = pulumi.output<unknown>(
      resolved(output).then(
        // The known parts of a partly unknown value stay known, such as the servers of a Secret without a name yet.
        async (known): Promise<unknown> => ((await stateOf(known).isKnown) ? known.apply(check) : known),
        (error: unknown) => {
          throw explainedError(error, subject, { path: place.path, what: "could not be resolved" }, resource);
        },
      ),
    );
    outputs.push(checkedLater);
    return checkedLater;
  }
}

function describeKind(value: unknown): string {
  return isInput(value) ? "is an Output" : `is ${kindOf(value)}`;
}
