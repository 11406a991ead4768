"""What the window does with references: the blend panel, the clone brush, and the questions they need answered."""

from typing import TYPE_CHECKING

from sni_desktop import dialogs
from sni_desktop.activities.blend import Blend
from sni_desktop.activities.clone import Clone
from sni_desktop.activities.references import References
from sni_desktop.activities.strip import Candidate
from sni_desktop.activities.transfer import Transfer
from sni_desktop.canvas.tools.clone import CloneBrush
from sni_desktop.panels.blend import BlendPanel

if TYPE_CHECKING:
    from sni_desktop.window import MainWindow


class Blending:
    """Makes the activities and their panel, and acts for the commands; the window puts the panel into a dock."""

    def __init__(self, window: "MainWindow") -> None:
        document, canvas = window.document, window.canvas
        self._window = window
        self.references = References(document)
        self.blend = Blend(document, self.references)
        self.transfer = Transfer(document, self.references, window.parting.parts)
        self.clone = Clone(document, self.references)
        canvas.add_tool(CloneBrush(document, self.clone, canvas.painting))
        self.references.changed.connect(canvas.repaint_soon)
        self.panel = BlendPanel(document, self.references, self.blend, self.transfer, window.theme)
        self.panel.box.seed_asked.connect(self.take_seed)
        self.panel.box.file_asked.connect(self.take_file)

    def take_look(self) -> None:
        """Give the part that is meant the reference's look, where it can be seen."""
        self._window.docks.show("blend")
        self.panel.show_way("part")
        self.transfer.go_all_way()

    def take_step(self) -> None:
        """Use the step that is meant as the reference, where it can be seen."""
        node_id = self._window.steps.meant_id
        if node_id is not None:
            self._window.docks.show("blend")
            self.references.take_node(node_id)

    def take_candidate(self, candidate: Candidate, name: str) -> None:
        """Use a candidate as the reference, where it can be seen."""
        self._window.docks.show("blend")
        self.references.take(candidate.codes, name, candidate.picture)

    def deal(self) -> None:
        """Deal seeds to choose a reference from, where they can be seen."""
        self._window.docks.show("blend")
        self.references.deal()

    def take_seed(self) -> None:
        """Ask for a seed and use its face as the reference."""
        seed = dialogs.ask_seed(self._window, self._window.tr("Face to move toward"))
        if seed is not None:
            self.references.take_seed(seed)

    def take_file(self) -> None:
        """Ask for a project and use its face as the reference."""
        path = dialogs.ask_open(self._window, self._window.folder)
        if path is not None:
            self.references.take_project(path)
