// Makes a picture as PNG small: its colours become a palette of 256, the most frequent as they are and the others the nearest to them.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
/** Colour types of PNG that browsers write, and their bytes per pixel. */
const CHANNELS = { 2: 3, 6: 4 }
const MOST_COLOURS = 256
/** So many have a place whatever the others are. */
const CERTAIN = 176
/** Square of the distance from which on two colours are told apart. */
const APART = 400

/**
 * @param png a PNG of 8 bits per channel without interlacing and without transparency
 * @returns the same picture with 8 bits per pixel
 */
export function withPalette(png) {
  const { width, height, pixels } = read(png)
  const counts = new Map()
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const palette = paletteOf(counts)
  const places = new Map(palette.map((colour, place) => [colour, place]))
  const rows = Buffer.alloc((width + 1) * height)
  pixels.forEach((colour, index) => {
    let place = places.get(colour)
    if (place === undefined) {
      place = nearest(palette, colour)
      places.set(colour, place)
    }
    rows[index + Math.floor(index / width) + 1] = place
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channelsOf))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The most frequent colours; of the rarer ones, such as make the edges of letters, those that are apart from each other. */
function paletteOf(counts) {
  const byCount = [...counts].toSorted(([, one], [, other]) => other - one).map(([colour]) => colour)
  const palette = byCount.slice(0, CERTAIN)
  for (const colour of byCount.slice(CERTAIN)) {
    if (palette.length === MOST_COLOURS) break
    if (palette.every((one) => distance(one, colour) > APART)) palette.push(colour)
  }
  return palette
}

function nearest(palette, colour) {
  let best = 0
  for (let place = 1; place < palette.length; place += 1)
    if (distance(palette[place], colour) < distance(palette[best], colour)) best = place
  return best
}

function distance(one, other) {
  const [red, green, blue] = channelsOf(one)
  const [otherRed, otherGreen, otherBlue] = channelsOf(other)
  return (red - otherRed) ** 2 + (green - otherGreen) ** 2 + (blue - otherBlue) ** 2
}

function channelsOf(colour) {
  return [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255]
}

/** The pixels, row by row, each as 0xRRGGBB. */
function read(png) {
  let [width, height, channels] = [0, 0, 0]
  const data = []
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    const content = png.subarray(at + 8, at + 8 + length)
    if (type === 'IHDR') {
      width = content.readUInt32BE(0)
      height = content.readUInt32BE(4)
      channels = content[8] === 8 && content[12] === 0 ? CHANNELS[content[9]] : undefined
      if (channels === undefined) throw new Error('The picture is no PNG as browsers write it.')
    }
    if (type === 'IDAT') data.push(content)
    at += length + 12
  }
  const bytes = unfiltered(inflateSync(Buffer.concat(data)), width * channels, height, channels)
  const pixels = new Uint32Array(width * height)
  for (let index = 0; index < pixels.length; index += 1) {
    const at = index * channels
    pixels[index] = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2]
  }
  return { width, height, pixels }
}

/** Takes back the filter of each row. */
function unfiltered(raw, stride, height, channels) {
  const bytes = Buffer.alloc(stride * height)
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (stride + 1)]
    for (let column = 0; column < stride; column += 1) {
      const at = row * stride + column
      const left = column < channels ? 0 : bytes[at - channels]
      const above = row === 0 ? 0 : bytes[at - stride]
      const corner = row === 0 || column < channels ? 0 : bytes[at - stride - channels]
      bytes[at] = raw[row * (stride + 1) + 1 + column] + predicted(filter, left, above, corner)
    }
  }
  return bytes
}

function predicted(filter, left, above, corner) {
  if (filter === 0) return 0
  if (filter === 1) return left
  if (filter === 2) return above
  if (filter === 3) return (left + above) >> 1
  const guess = left + above - corner
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((one) => Math.abs(guess - one))
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}

function chunk(type, content) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}
