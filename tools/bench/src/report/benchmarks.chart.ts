import type { BenchReport, ComparisonReport } from './bench.report.js';

const WIDTH = 760;
const LABELS = 240;
const ROW = 30;
const HEAD = 44;
const COLORS = { ours: '#2f6fde', other: '#9aa5b1', ink: '#24292f', line: '#d0d7de' };

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function bars(title: string, { servers }: ComparisonReport, top: number): string {
  const longest = Math.max(...servers.map(({ cpuMsPerRequest }) => cpuMsPerRequest));
  const rows = servers.map(({ name, cpuMsPerRequest, requestsPerSecond }, i) => {
    const y = top + HEAD + i * ROW;
    const width = Math.max(1, ((WIDTH - LABELS - 190) * cpuMsPerRequest) / longest);
    const color = i === servers.length - 1 ? COLORS.ours : COLORS.other;
    return `  <text x="${LABELS - 10}" y="${y + 15}" text-anchor="end">${escaped(name)}</text>
  <rect x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="20" rx="2" fill="${color}"/>
  <text x="${(LABELS + width + 8).toFixed(1)}" y="${y + 15}">${cpuMsPerRequest.toFixed(2)} ms · ${requestsPerSecond.toFixed(0)} req/s</text>`;
  });
  return `  <text x="20" y="${top + 24}" font-weight="600">${escaped(title)}: CPU per request, all processes</text>\n${rows.join('\n')}`;
}

/** The comparisons as bars, the last one of each being ours: a picture that any browser and any forge shows. */
export function benchmarksChart(report: BenchReport): string {
  const charts: [string, ComparisonReport][] = [];
  if (report.list) charts.push(['20 newest leads of one organization', report.list]);
  if (report.create) charts.push(['Create a lead', report.create]);
  let top = 0;
  const parts = charts.map(([title, comparison]) => {
    const part = bars(title, comparison, top);
    top += HEAD + comparison.servers.length * ROW + 16;
    return part;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" font-family="system-ui, sans-serif" font-size="13" fill="${COLORS.ink}" role="img" aria-label="CPU per request of each server">
  <rect width="${WIDTH}" height="${top}" fill="#ffffff" stroke="${COLORS.line}"/>
${parts.join('\n')}
</svg>
`;
}
