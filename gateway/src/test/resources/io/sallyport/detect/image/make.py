#!/usr/bin/env python3
"""Makes the files beside it: small harmless pictures, and what independent decoders see in them.

Needs Pillow 9.4 (numbers of kernels, GIF, APNG, WebP) and, on the PATH, webpmux 1.2 and avifenc 0.11.
Debian 12: python3-pil, webp, libavif-bin. Run it in an empty folder; nothing in the build does.
"""
import io
import struct
import subprocess
import zlib

from PIL import GifImagePlugin, Image, ImageOps


def value(x, y):
    """The picture of the kernel tests."""
    return (x * 37 + y * 91 + x * y % 23 * 11) % 256


def kernels():
    """Float pictures: Pillow neither rounds nor clamps them."""
    with open("kernels.txt", "w") as out:
        out.write("# kernel width height columns rows: numbers, row by row\n")
        for width, height, columns, rows in [(37, 29, 8, 9), (5, 4, 9, 11), (64, 9, 8, 8), (9, 64, 8, 8), (64, 45, 8, 9)]:
            source = Image.new("F", (width, height))
            source.putdata([value(x, y) for y in range(height) for x in range(width)])
            for name, kernel in [("area", Image.BOX), ("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC)]:
                if name == "area" and (width % columns or height % rows):
                    continue  # Pillow's box takes whole pixels, an area takes parts of them
                small = source.resize((columns, rows), kernel)
                numbers = " ".join("%.3f" % v for v in small.getdata())
                out.write(f"{name} {width} {height} {columns} {rows}: {numbers}\n")


def orientations():
    """How a picture of the pixels 1 2 3 / 4 5 6 is shown."""
    with open("orientations.txt", "w") as out:
        out.write("# Exif orientation, columns, rows: pixels, row by row\n")
        for number in range(1, 9):
            image = Image.new("L", (3, 2))
            image.putdata([1, 2, 3, 4, 5, 6])
            exif = Image.Exif()
            exif[274] = number
            stored = io.BytesIO()
            image.save(stored, "PNG", exif=exif)
            shown = ImageOps.exif_transpose(Image.open(stored))
            out.write(f"{number} {shown.width} {shown.height}: {' '.join(map(str, shown.getdata()))}\n")


def drawn(width, height, red, green, blue, holes):
    """Slopes; holes are transparent or half so."""
    image = Image.new("RGBA", (width, height))
    pixels = []
    for y in range(height):
        for x in range(width):
            alpha = 255 if not holes or (x + y) % 3 else (0 if (x + y) % 2 else 120)
            pixels.append(((red + x * 9) % 256, (green + y * 11) % 256, (blue + x * y) % 256, alpha))
    image.putdata(pixels)
    return image


def golden(name, frames):
    with open(name + ".rgba", "wb") as out:
        out.write(zlib.compress(b"".join(frame.convert("RGBA").tobytes() for frame in frames), 9))


def coalesced(name):
    file = Image.open(name)
    frames = []
    for i in range(file.n_frames):
        file.seek(i)
        frames.append(file.convert("RGBA").copy())
    return frames


def webp():
    """Offsets, both blends, both disposals; composed by libwebp's own animation decoder."""
    parts = [
        (drawn(24, 18, 10, 20, 30, True), "+0+0+0-b"),
        (drawn(12, 10, 200, 20, 90, True), "+4+2+0+b"),
        (drawn(10, 8, 90, 220, 0, False), "+8+6+1+b"),
        (drawn(8, 12, 0, 90, 220, True), "+2+4+1-b"),
        (drawn(6, 6, 255, 0, 0, True), "+16+10+0+b"),
    ]
    arguments = ["webpmux"]
    for i, (image, options) in enumerate(parts):
        image.save(f"part{i}.webp", lossless=True, exact=True)
        x, y, dispose_blend = options[1:].split("+", 2)
        arguments += ["-frame", f"part{i}.webp", f"+100+{x}+{y}+{dispose_blend}"]
    subprocess.run(arguments + ["-loop", "0", "-o", "animated.webp"], check=True)
    golden("animated.webp", coalesced("animated.webp"))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def raw(image):
    lines = b"".join(
        b"\0" + image.crop((0, y, image.width, y + 1)).tobytes() for y in range(image.height))
    return zlib.compress(lines, 9)


def apng(name, separate):
    """All disposals and blends; composed by Pillow's alpha_composite.

    Pillow 9.4 itself blends the alpha of frames wrongly.
    """
    frames = [
        (drawn(24, 18, 10, 20, 30, True), 0, 0, 0, 0),
        (drawn(12, 10, 200, 20, 90, True), 4, 3, 2, 1),
        (drawn(10, 8, 90, 220, 0, True), 7, 6, 1, 0),
        (drawn(8, 12, 0, 90, 220, True), 1, 5, 0, 1),
        (drawn(6, 6, 255, 0, 0, True), 17, 11, 2, 0),
        (drawn(5, 5, 60, 60, 60, True), 3, 3, 0, 1),
    ]
    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 24, 18, 8, 6, 0, 0, 0))
    out += chunk(b"acTL", struct.pack(">II", len(frames), 0))
    if separate:
        out += chunk(b"IDAT", raw(drawn(24, 18, 250, 250, 0, False)))
    sequence = 0
    for i, (image, x, y, disposal, blend) in enumerate(frames):
        out += chunk(b"fcTL", struct.pack(
            ">IIIIIHHBB", sequence, image.width, image.height, x, y, 1, 10, disposal, blend))
        sequence += 1
        data = raw(image)
        if i == 0 and not separate:
            out += chunk(b"IDAT", data)
            continue
        half = len(data) // 2
        for part in (data[:half], data[half:]):
            out += chunk(b"fdAT", struct.pack(">I", sequence) + part)
            sequence += 1
    with open(name, "wb") as file:
        file.write(out + chunk(b"IEND", b""))
    shown = [drawn(24, 18, 250, 250, 0, False)] if separate else []
    canvas = Image.new("RGBA", (24, 18))
    for image, x, y, disposal, blend in frames:
        before = canvas.copy()
        if blend:
            canvas.alpha_composite(image, (x, y))
        else:
            canvas.paste(image, (x, y))
        shown.append(canvas.copy())
        if disposal == 1:
            canvas.paste((0, 0, 0, 0), (x, y, x + image.width, y + image.height))
        elif disposal == 2:
            canvas = before
    golden(name, shown)


def gif():
    """Offsets, palettes of their own, transparency and every disposal; composed by Pillow."""
    frames = [(24, 18, 0, 0, 1), (12, 10, 4, 3, 3), (10, 8, 7, 6, 2), (8, 12, 1, 5, 1), (6, 6, 17, 11, 1)]
    out = b"GIF89a" + struct.pack("<HHBBB", 24, 18, 0, 0, 0)
    out += b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    for i, (width, height, x, y, disposal) in enumerate(frames):
        image = drawn(width, height, 40 * i, 90 + 70 * i, 200 - 30 * i, False).convert("RGB").quantize(20 + 50 * i)
        pixels = image.load()
        for at in range(width * height):
            if at % 7 == i:
                pixels[at % width, at // width] = 3
        out += b"".join(GifImagePlugin.getdata(
            image, (x, y), include_color_table=True, transparency=3, disposal=disposal, duration=50))
    with open("animated.gif", "wb") as file:
        file.write(out + b";")
    golden("animated.gif", coalesced("animated.gif"))


def avif():
    drawn(24, 18, 10, 20, 30, False).convert("RGB").save("opaque.png")
    drawn(24, 18, 10, 20, 30, True).save("alpha.png")
    drawn(128, 128, 10, 20, 30, False).convert("RGB").save("grid.png")
    common = ["avifenc", "-j", "1", "-s", "6"]
    for name, options, sources in [
        ("opaque", [], ["opaque.png"]),
        ("alpha", [], ["alpha.png"]),
        ("deep", ["-d", "10"], ["opaque.png"]),
        ("turned", ["--irot", "1", "--imir", "0"], ["opaque.png"]),
        ("cropped", ["--clap", "20,1,16,1,0,1,0,1"], ["opaque.png"]),
        ("grid", ["--grid", "2x2"], ["grid.png"]),
        ("sequence", [], ["opaque.png", "opaque.png"]),
    ]:
        subprocess.run(common + options + sources + [name + ".avif"], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    kernels()
    orientations()
    webp()
    apng("animated.png", False)
    apng("separate.png", True)
    gif()
    avif()
