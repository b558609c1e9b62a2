import type { Door } from '../../../platform/http/door.js'

/** The plain page that exclusive links lead to as long as the shop names none of its own (`SALE_URL`). */
export const saleDoor: Door = {
  method: 'GET',
  path: '/sale',
  answer: ({ query }) =>
    Promise.resolve({
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      },
      body: page(query.get('product') ?? '', query.get('click') ?? ''),
    }),
}

function page(product: string, click: string): string {
  const bought =
    click === ''
      ? 'This visit came without a click id.'
      : 'Give this click id to <code>placeOrder</code> as <code>clickId</code> of the line:'
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sale</title>
<style>body{font:16px/1.5 sans-serif;max-width:40em;margin:3em auto;padding:0 1em}code{overflow-wrap:anywhere}</style>
<h1>Sale</h1>
<p>Product: <code>${escaped(product)}</code></p>
<p>${bought}</p>
<p><code>${escaped(click)}</code></p>
</html>
`
}

function escaped(text: string): string {
  return text.slice(0, 300).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
