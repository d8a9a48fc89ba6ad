/**
 * xterm.js and CodeMirror write style elements and style attributes, which the site's Content-Security-Policy
 * forbids for everybody. From here on they become style sheets and properties set by script, which
 * it allows (https://www.w3.org/TR/CSP3/#directive-style-src). It must be the page's own document:
 * xterm.js's option `documentOverride` does not reach all of its parts.
 */
export function styleByScript() {
  document.createElement = /** @type {typeof document.createElement} */ (createElement);
}

/**
 * @param {string} tag
 * @param {ElementCreationOptions} [options]
 */
function createElement(tag, options) {
  if (tag === "style") return styleElement();
  const element = Document.prototype.createElement.call(document, tag, options);
  if (tag === "span") element.setAttribute = setAttribute;
  return element;
}

/** An element whose text is a style sheet of the page until it is removed. */
function styleElement() {
  const sheet = new CSSStyleSheet();
  const element = Document.prototype.createElement.call(document, "span");
  element.hidden = true;
  document.adoptedStyleSheets.push(sheet);
  Object.defineProperty(element, "textContent", {
    set: (/** @type {string} */ text) => sheet.replaceSync(text),
  });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}

/**
 * @this {HTMLElement}
 * @param {string} name
 * @param {string} value
 */
function setAttribute(name, value) {
  if (name === "style") this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}
