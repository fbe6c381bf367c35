import { inOneLine } from "../components/lib/problems";
import { isObject } from "../components/lib/records";
import type { Answer } from "./api";

const longestQuote = 300;

/** Why an answer of the API server, or of kubectl in between, is not what was asked for. */
export function refusal(answer: Answer): string {
  const { status } = answer;
  const says = wordsOf(answer);
  if (status === 401) {
    return `the API server does not accept your credentials (401): they may have expired. Log in to the cluster again; \`kubectl get pods\` must work.${says}`;
  }
  if (status === 403) {
    return `you may not list it (403).${says}`;
  }
  if (status === 404) {
    return "the API server doesn't have it (404).";
  }
  if (status === 429) {
    return `the API server has too many requests (429): try again later.${says}`;
  }
  if (status >= 300 && status < 400) {
    return `the API server redirects elsewhere (${status}), which is not followed: name its own address in the kubeconfig.`;
  }
  return (
    connectionProblem(answer) ??
    `the API server answers ${status}: try again, or ask those who run it.${says}`
  );
}

/** What stops kubectl from reaching the API server: it says so in words of its own, where the server answers JSON. */
function connectionProblem({ status, text }: Answer): string | undefined {
  if (status < 500 || text.trimStart().startsWith("{")) {
    return undefined;
  }
  const says = quoted(text);
  if (/getting credentials|exec plugin|executable .* not found/i.test(text)) {
    return `kubectl can't get credentials: log in to the cluster again.${says}`;
  }
  if (/x509:|tls:|certificate/i.test(text)) {
    return `kubectl does not trust the API server's certificate: correct certificate-authority or server in the kubeconfig.${says}`;
  }
  if (/dial |lookup |no such host|refused|timeout|deadline|unreachable|EOF|reset/i.test(text)) {
    return `kubectl can't reach the API server: check its address in the kubeconfig, your network and VPN.${says}`;
  }
  return undefined;
}

function wordsOf({ text }: Answer): string {
  try {
    const status: unknown = JSON.parse(text);
    const message = isObject(status) ? status["message"] : undefined;
    return typeof message === "string" && message !== "" ? quoted(message) : "";
  } catch {
    return "";
  }
}

function quoted(words: string): string {
  const line = words.trim().replace(/\s+/g, " ");
  const shown = line.length > longestQuote ? `${line.slice(0, longestQuote)}...` : line;
  return shown === "" ? "" : ` It says: "${inOneLine(shown)}".`;
}
