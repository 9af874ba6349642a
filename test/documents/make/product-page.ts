import type { Names } from "./names.ts";

/** Public: a page of the company's site, with the navigation and scripts that such pages carry. */
export const productPage = ({ legal, short, blades, services }: Names): string => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Kittiwake 90 – ${legal}</title>
  <meta name="description" content="The Kittiwake 90 is a tidal turbine of 900 kW.">
  <style>body { font-family: sans-serif }</style>
  <script>window.dataLayer = window.dataLayer || [];</script>
</head>
<body>
  <nav><ul><li><a href="/">Home</a></li><li><a href="/turbines">Turbines</a></li><li><a href="/service">Service</a></li></ul></nav>
  <main>
    <h1>Kittiwake 90</h1>
    <p>The Kittiwake 90 is a tidal turbine made by ${legal}. It gives up to 900 kW in currents of 4.5 m/s.</p>
    <h2>Built to last</h2>
    <p>The three blades of the Kittiwake 90 are made by ${blades} from carbon fibre. Each blade is 9.4 m long. The gearbox housing is cast from duplex steel.</p>
    <p>The Kittiwake 90 uses the ceramic hybrid bearing HB-240 from Esbrand Bearings A/S.</p>
    <h2>Data</h2>
    <table>
      <tr><th>Property</th><th>Value</th></tr>
      <tr><td>Rated power</td><td>900 kW</td></tr>
      <tr><td>Rotor diameter</td><td>20 m</td></tr>
      <tr><td>Weight</td><td>118 t</td></tr>
      <tr><td>Design life</td><td>25 years</td></tr>
    </table>
    <h2>Control</h2>
    <p>The Kittiwake 90 runs on the control software Tidewise, which was developed by ${short}. Tidewise adjusts the blades 50 times a second.</p>
    <h2>Standards and service</h2>
    <p>The Kittiwake 90 meets IEC 62600-2 and the noise limits of ISO 17208-1. Service at sea is provided by ${services}.</p>
  </main>
  <footer><p>${legal}, Port Selwick, Cornwall</p></footer>
</body>
</html>
`;
