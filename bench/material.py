"""What is encoded: generated once, kept in a cache folder."""

import os
import subprocess

# Zooming fractal, moving test picture and film grain: edges, gradients, motion
# and noise at once, so that no encoder gets away with skipping blocks.
PICTURE = ("mandelbrot=size={size}:rate=25:start_scale=0.3:end_scale=0.02"
           ":end_pts=250,format=yuv420p[a];"
           "testsrc2=size={size}:rate=25,format=yuv420p[b];"
           "[a][b]blend=all_mode=average,noise=alls=6:allf=t:all_seed=1")
SOUND = "sine=frequency=440:beep_factor=4:sample_rate=48000"


def generated(folder, name, size, seconds):
    """The path of a clip with picture and sound, made if it isn't there."""
    path = folder / f"{name}-{seconds:g}s.mp4"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"part-{path.name}"
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-filter_complex",
         PICTURE.format(size=size) + "[v]", "-f", "lavfi", "-i", SOUND,
         "-map", "[v]", "-map", "0:a", "-t", str(seconds), "-c:v", "libx264",
         "-preset", "veryfast", "-crf", "16", "-pix_fmt", "yuv420p",
         "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace",
         "bt709", "-color_range", "tv", "-c:a", "aac", "-b:a", "160k", part],
        stdin=subprocess.DEVNULL, check=True)
    os.rename(part, path)
    return path


def films(folder, count):
    """The largest H.264 files with 8-bit pictures of a folder of samples."""
    found = []
    for path in folder.rglob("*.mp4"):
        if "broken" in path.parts:
            continue
        done = subprocess.run(
            ["ffprobe", "-v", "error", "-select_streams", "V:0",
             "-show_entries", "stream=codec_name,pix_fmt,width,height,"
             "sample_aspect_ratio:stream_side_data=rotation:format=duration",
             "-of", "default=noprint_wrappers=1", path],
            capture_output=True, text=True, check=False)
        said = dict(line.split("=", 1) for line in done.stdout.splitlines())
        if (said.get("codec_name"), said.get("pix_fmt")) != ("h264", "yuv420p"):
            continue
        if "rotation" in said or not 3 < float(said["duration"]) < 60:
            continue
        found.append((float(said["duration"]) * int(said["width"])
                      * int(said["height"]), path))
    return [path for _, path in sorted(found, reverse=True)[:count]]
