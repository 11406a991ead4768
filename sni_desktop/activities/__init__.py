"""What takes a person several moments, such as choosing among candidates or blending; built upon the document."""
