// A picture of four pixels, as a file.
const BYTES = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAD0lEQVR4nGNgaGgAIQgFABoOBAH77Fo+AAAAAElFTkSuQmCC";

export const PNG = new File([Buffer.from(BYTES, "base64")], "gully.png", { type: "image/png" });
