import { isServed, podSpecsIn } from "../lib/podTemplates";
import { isObject } from "../lib/records";
import { notYetKnown } from "../lib/shape";
import { releaseWarning, unknownKindWarning } from "../lib/transformNotices";
import { kindName } from "../lib/workloadKinds";
import { valueIfKnown } from "./inputs";
import { subjectOf, type TransformedResource, type TransformSource } from "./transformSource";
import { knownPart } from "./transformedProps";

/** Warns of a resource of a kind that is not known, if it has a pod spec whose image a pull Secret serves. */
export async function warnOfUnknownKind(
  resource: TransformedResource,
  { placed, teller }: TransformSource,
): Promise<void> {
  const found = podSpecsIn(await knownPart(resource.props));
  if (found.length === 0) {
    return;
  }
  const servers = Object.values((await valueIfKnown(placed))?.servers ?? {}).flat();
  const served = found.flatMap(({ path, images }) =>
    images.filter((image) => isServed(image, servers)).map((image) => ({ path, image })),
  );
  if (served[0] !== undefined) {
    const paths = [...new Set(served.map(({ path }) => path))];
    teller.warn(unknownKindWarning(subjectOf(resource), kindName(resource.type), paths, served[0].image));
  }
}

/** Warns of a helm.v3.Release, unless its values have the name of a pull Secret, or what is not known yet. */
export async function warnOfRelease(
  resource: TransformedResource,
  { placed, referenceOf, teller }: TransformSource,
): Promise<void> {
  const texts = textsIn(await knownPart(resource.props["values"]));
  const keys = Object.keys((await valueIfKnown(placed))?.namespaces ?? {});
  const names = await Promise.all(keys.map((key) => valueIfKnown(referenceOf(key).secretNames)));
  const mayHaveOne = texts.some((text) => text === notYetKnown || names.flat().includes(text));
  if (!mayHaveOne) {
    teller.warn(releaseWarning(subjectOf(resource)));
  }
}

/** All texts of a value, and {@link notYetKnown} for what may be some. */
function textsIn(value: unknown): (string | typeof notYetKnown)[] {
  if (typeof value === "string" || value === notYetKnown) {
    return [value];
  }
  return Array.isArray(value) || isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
