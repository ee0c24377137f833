"use strict";
// In a published site rows are scripts: a page opened from a file may read nothing else.
window.fetch = (src) => new Promise((done) => {
  const tag = Object.assign(document.createElement("script"), { src });
  tag.onload = () => { const told = window.stored; done({ json: () => told }); };
  document.head.append(tag);
});
