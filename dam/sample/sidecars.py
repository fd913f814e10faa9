"""What the manifest says about a file, as an XMP sidecar beside it."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from dam.sample.manifest import Described

PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">{description}</rdf:li></rdf:Alt></dc:description>
   <dc:creator><rdf:Seq><rdf:li>{creator}</rdf:li></rdf:Seq></dc:creator>
   <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{rights}</rdf:li></rdf:Alt></dc:rights>
   <photoshop:Credit>{credit}</photoshop:Credit>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


def write_sidecar(described: Described, folder: Path) -> Path:
    """Write what is said about a file of the folder beside it, and return the sidecar's path."""
    path = folder / f"{described.name}.xmp"
    fields = ("title", "description", "creator", "rights", "credit")
    words = {name: escape(getattr(described, name)) for name in fields}
    path.write_text(PACKET.format(**words), encoding="utf-8")
    return path
