/** Resolved colours by token. */
export type Colors = ReadonlyMap<string, string>;

export function colorFrom(colors: Colors, token: string): string {
  return colors.get(token) ?? "";
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Diagonal lines over a box: what is there is not the whole of it. */
export function hatch(context: CanvasRenderingContext2D, box: Box, color: string): void {
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.clip();
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  // a fixed grid, so that the hatch does not swim while the box moves
  const start = Math.floor((box.x - box.height) / 6) * 6;
  for (let x = start; x < box.x + box.width; x += 6) {
    context.moveTo(x, box.y + box.height);
    context.lineTo(x + box.height, box.y);
  }
  context.stroke();
  context.restore();
}
