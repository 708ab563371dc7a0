export interface ColorRequest<Name extends string> {
  readonly host: HTMLElement;
  readonly tokens: readonly Name[];
  /** The theme in force: colours are read once for each. */
  readonly scheme: "light" | "dark";
}

const known = new Map<string, string>();

/** Reads colour tokens as the canvas needs them: resolved, because a canvas knows neither `var()` nor `light-dark()`. */
export function readColors<Name extends string>({
  host,
  tokens,
  scheme,
}: ColorRequest<Name>): ReadonlyMap<Name, string> {
  return new Map(tokens.map((token): [Name, string] => [token, readColor(host, token, scheme)]));
}

/** Sizes a canvas for the screen's pixel density and returns its cleared context in CSS pixels. */
export function prepareCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | undefined {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  if (context === null) return undefined;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

function readColor(host: HTMLElement, token: string, scheme: string): string {
  const key = `${scheme} ${token}`;
  const stored = known.get(key);
  if (stored !== undefined) return stored;
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = `var(${token})`;
  host.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  known.set(key, color);
  return color;
}
