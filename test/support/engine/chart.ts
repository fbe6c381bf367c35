import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: reports
spec:
  selector:
    matchLabels: { app: reports }
  template:
    metadata:
      labels: { app: reports }
    spec:
      {{- with .Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: reports
          image: www.3rdregistry.com/janedoe/reports:v2
`;

/** Writes a Helm chart of one Deployment into a project, as `./chart`. It takes `imagePullSecrets` as most charts do. */
export function writeChart(project: string): void {
  const chart = join(project, "chart");
  mkdirSync(join(chart, "templates"), { recursive: true });
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: reports\nversion: 0.1.0\n");
  writeFileSync(join(chart, "values.yaml"), "imagePullSecrets: []\n");
  writeFileSync(join(chart, "templates/deployment.yaml"), deployment);
}
