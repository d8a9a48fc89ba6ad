/** The terminal's colours on paper and by lamplight, each readable on its own background. */

const LIGHT = {
  background: "#fdfcf8",
  foreground: "#24251f",
  cursor: "#46602c",
  cursorAccent: "#fdfcf8",
  selectionBackground: "#cdd9b8",
  selectionInactiveBackground: "#e0e5d3",
  black: "#24251f",
  red: "#a3341c",
  green: "#3f6a1f",
  yellow: "#7a5b00",
  blue: "#2b5590",
  magenta: "#7d3f7a",
  cyan: "#1f6668",
  white: "#6b6a5e",
  brightBlack: "#5f5f54",
  brightRed: "#b23f24",
  brightGreen: "#4a7a26",
  brightYellow: "#876600",
  brightBlue: "#3363a6",
  brightMagenta: "#8d4a89",
  brightCyan: "#277477",
  brightWhite: "#3a3b33",
};

const DARK = {
  background: "#12130f",
  foreground: "#e6e3d9",
  cursor: "#a9c48a",
  cursorAccent: "#12130f",
  selectionBackground: "#46553a",
  selectionInactiveBackground: "#333a2c",
  black: "#12130f",
  red: "#e58b6d",
  green: "#a9c48a",
  yellow: "#dcbf75",
  blue: "#93b5e1",
  magenta: "#cfa3cb",
  cyan: "#88c2c0",
  white: "#d3d0c4",
  brightBlack: "#8f8d7e",
  brightRed: "#f0a58c",
  brightGreen: "#bfd6a4",
  brightYellow: "#ead298",
  brightBlue: "#b0caec",
  brightMagenta: "#ddbbda",
  brightCyan: "#a6d5d3",
  brightWhite: "#fbf9f4",
};

/** @param {boolean} dark */
export function terminalTheme(dark) {
  return dark ? DARK : LIGHT;
}
