/** One way to ask the gateway: cookies carry the session, errors arrive in Backstage's error body. */

/** What the server refused and why; `status` 0 means that it could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;
  readonly path: string;

  constructor(status: number, title: string, message: string, path = "") {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.title = title;
    this.path = path;
  }

  /** Whether the same question may well be answered a little later. */
  get passing(): boolean {
    return this.status === 0 || this.status >= 502;
  }
}

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Calls the listener whenever an answer says that the session is over; returns the way to stop. */
export function onSignedOut(listener: Listener): Listener {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

async function refusal(response: Response, path: string): Promise<ApiError> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as { error?: { name?: string; message?: string }; detail?: unknown };
    const message = body.error?.message ?? (typeof body.detail === "string" ? body.detail : undefined);
    return new ApiError(response.status, body.error?.name ?? response.statusText, message ?? response.statusText, path);
  } catch {
    return new ApiError(response.status, response.statusText, text.slice(0, 300) || response.statusText, path);
  }
}

async function answer(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(0, "Unreachable", "The server does not answer. Is Sipario running?", path);
  }
}

async function good(path: string, init: RequestInit): Promise<Response> {
  const response = await answer(path, { credentials: "same-origin", ...init });
  if (response.status === 401 && !path.startsWith("/api/auth/")) signedOutListeners.forEach((listener) => listener());
  if (!response.ok) throw await refusal(response, path);
  return response;
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  const text = await (await good(path, init)).text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Reads JSON. */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>(path, { headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) });
}

const sent = (method: string, body: unknown): RequestInit => {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-Requested-With": "sipario" };
  return { method, headers, body: JSON.stringify(body) };
};

/** Sends JSON; the header of its own makes the browser ask before another site could send the same. */
export function post<T>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> {
  return request<T>(path, { ...sent("POST", body), ...(signal ? { signal } : {}) });
}

/** Changes something; returns the token by which a read waits for it (`waitFor`). */
export async function write(method: "POST" | "PUT" | "DELETE", path: string, body: unknown = {}): Promise<string> {
  return (await good(path, sent(method, body))).headers.get("Sipario-Wait-For") ?? "";
}
