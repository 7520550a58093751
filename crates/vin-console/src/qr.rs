//! QR codes as SVG, made here.

use qrcode::QrCode;
use qrcode::render::svg;

/// A picture of a text; `""` when the text is too long for a QR code (some 2,900 bytes).
pub fn svg(text: &str) -> String {
    let Ok(code) = QrCode::new(text) else {
        return String::new();
    };
    let mut drawing = code.render::<svg::Color<'_>>();
    let svg = drawing
        .min_dimensions(200, 200)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    // Within a page the declaration of an XML document has no place.
    svg.find("<svg")
        .map_or_else(String::new, |at| svg[at..].to_owned())
}
