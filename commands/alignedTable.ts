import { printableLine } from "../components/lib/problems";

/** Rows of cells as lines with aligned columns. */
export function alignedTable(rows: string[][]): string {
  const table = rows.map((row) => row.map(printableLine));
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => (row[column] ?? "").length)),
  );
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
