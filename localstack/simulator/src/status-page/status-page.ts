import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';

/** True for what a browser asks when a person types the address: a GET of the root, which no AWS call is. */
export function asksForStatusPage(method: string | undefined, path: string): boolean {
  return method === 'GET' && (path === '/' || path === '/index.html');
}

/** The page that a person reads while the stand-in runs: one file, nothing fetched but the control routes. */
export const statusPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>AWS stand-in</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
<header>
  <h1>AWS stand-in</h1>
  <p id="clock" class="quiet">asking…</p>
  <p id="trouble" class="bad" hidden></p>
</header>
<main>
  <section id="summary" class="tiles" aria-label="Summary"></section>
  <section><div class="head"><h2>Auto Scaling groups</h2><label class="quiet">show those named like
    <input id="search" type="search" placeholder="web-prod" autocomplete="off"></label></div>
    <div id="groups"></div></section>
  <section><h2>Target groups</h2><div id="targets"></div></section>
  <section><h2>Traffic</h2><div id="traffic"></div></section>
  <section class="pair">
    <div><h2>Faults</h2><div id="faults"></div></div>
    <div><h2>Held calls</h2><div id="holds"></div></div>
  </section>
  <section><h2>Last calls</h2><div id="calls"></div></section>
</main>
<footer class="quiet">Break it on purpose: <code>POST /_simulator/faults</code>,
  <code>/_simulator/capacity</code>, <code>/_simulator/traffic</code>; localstack/README.md tells how.</footer>
<script>${pageScript}</script>
</body>
</html>
`;
