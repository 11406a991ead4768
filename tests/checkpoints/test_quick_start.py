"""Opening a model imports nothing of torch that drawing does not need."""

import subprocess
import sys

_HEAVY = ("torch._dynamo", "sympy", "torch._inductor")


def test_a_model_is_opened_and_draws_without_torch_compiler() -> None:
    program = (
        "import sys, torch\n"
        f"already = [name for name in {_HEAVY} if name in sys.modules]\n"
        "from sni_engine.engine import Engine\n"
        "from sni_engine.api.messages import Finished, NewFace\n"
        "assert isinstance(list(Engine(device='cpu').run(NewFace(0, 3)))[-1], Finished)\n"
        f"print([name for name in {_HEAVY} if name in sys.modules and name not in already])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=100)
    assert done.stdout.strip() == "[]", "a second of every start goes there"
