"""The networks: an ImageNet-pretrained base with the published head, as one flat functional model.

The head is global average pooling, dropout, a dense layer with one logit per class, and softmax. The
layer names "pooling", "logits" and "probabilities" are fixed, as the app's explanations rely on them.
Stages are the last post-activation feature maps at each resolution.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btgui.engine.errors import RequestError, TrainingError
from btgui.engine.models.card import GradCamStage
from btgui.engine.models.keras_file import check_weights_of
from btgui.engine.models.pack import ModelPack, open_pack
from btgui.engine.preprocessing import PixelScaling
from btgui.engine.training_request import NAMED_WEIGHTS
from training.networks.imagenet_weights import fetched_weights

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Architecture:
    """A base network: its display name, input side in pixels, pixel scaling and five stages."""

    display_name: str
    keras_name: str
    input_side: int
    pixel_scaling: PixelScaling
    stage_layers: tuple[str, str, str, str, str]

    @property
    def stages(self) -> tuple[GradCamStage, ...]:
        """The Grad-CAM stages, early to late."""
        return tuple(
            GradCamStage(f"Stage {number}", layer)
            for number, layer in enumerate(self.stage_layers, start=1)
        )


# Keras numbers these layers by what was built before in the process; the names must not vary.
_AUTOMATIC_NAME = re.compile(r"activation(_\d+)?")

ARCHITECTURES = {
    "vgg19": Architecture(
        display_name="VGG19",
        keras_name="VGG19",
        input_side=200,
        pixel_scaling="imagenet_bgr_mean",
        stage_layers=(
            "block1_conv2",
            "block2_conv2",
            "block3_conv4",
            "block4_conv4",
            "block5_conv4",
        ),
    ),
    "resnet50": Architecture(
        display_name="ResNet-50",
        keras_name="ResNet50",
        input_side=200,
        pixel_scaling="imagenet_bgr_mean",
        stage_layers=(
            "conv1_relu",
            "conv2_block3_out",
            "conv3_block4_out",
            "conv4_block6_out",
            "conv5_block3_out",
        ),
    ),
    "xception": Architecture(
        display_name="Xception",
        keras_name="Xception",
        input_side=200,
        pixel_scaling="minus_one_to_one",
        stage_layers=(
            "block2_sepconv2_act",
            "block3_sepconv2_act",
            "block4_sepconv2_act",
            "block13_sepconv2_act",
            "block14_sepconv2_act",
        ),
    ),
    "inceptionv3": Architecture(
        display_name="InceptionV3",
        keras_name="InceptionV3",
        input_side=200,
        pixel_scaling="minus_one_to_one",
        # The mixed layers join maps that are activated already.
        stage_layers=("relu_2", "relu_4", "mixed2", "mixed7", "mixed10"),
    ),
    "nasnetlarge": Architecture(
        display_name="NASNetLarge",
        keras_name="NASNetLarge",
        input_side=331,
        pixel_scaling="minus_one_to_one",
        stage_layers=(
            "adjust_relu_1_stem_2",
            "adjust_relu_1_0",
            "adjust_relu_1_7",
            "adjust_relu_1_13",
            "relu_259",
        ),
    ),
    "mobilenetv2": Architecture(
        display_name="MobileNetV2",
        keras_name="MobileNetV2",
        input_side=200,
        pixel_scaling="minus_one_to_one",
        stage_layers=(
            "block_1_expand_relu",
            "block_3_expand_relu",
            "block_6_expand_relu",
            "block_13_expand_relu",
            "out_relu",
        ),
    ),
}

ARCHITECTURE_HELP = f"{', '.join(ARCHITECTURES)} (default mobilenetv2)"


def architecture(name: str) -> Architecture:
    """Return an architecture by its name.

    Raises
    ------
    TrainingError
        The name is not known.
    """
    try:
        return ARCHITECTURES[name]
    except KeyError:
        raise TrainingError(
            f"Expected an architecture among {', '.join(ARCHITECTURES)}, received {name!r}."
        ) from None


def build_network(
    name: str,
    class_count: int,
    *,
    weights: str,
    dropout: float,
    batch_norm_momentum: float | None = None,
    input_side: int | None = None,
) -> keras.Model:
    """Build a network from (h, w, 3) scaled pixels to class probabilities.

    Parameters
    ----------
    weights
        "imagenet" (downloaded by Keras unless :func:`fetch_weights` has done so), "none" (random), the
        path of a file with the base network's weights, or the folder of a model pack with the same
        classes to fine-tune.
    batch_norm_momentum
        Replaces the base's own momentum in every BatchNormalization layer.
    input_side
        Side of the input in pixels; None for the architecture's own.

    Raises
    ------
    RequestError
        The weights do not fit.
    TrainingError
        The architecture is unknown, or the weights are missing or cannot be loaded now, for lack of a
        connection, a drive or memory.
    """
    import keras

    known = architecture(name)
    side = input_side or known.input_side
    start = None if weights in NAMED_WEIGHTS else Path(weights)
    if start is not None and not start.exists():
        raise TrainingError(
            f"Expected the weights to be 'imagenet', 'none', a file or a model pack; {weights} does not "
            f"exist."
        )
    of_pack = start is not None and start.is_dir()
    make: Callable[..., Any] = getattr(keras.applications, known.keras_name)
    fetched = fetched_weights(name) if weights == "imagenet" else None
    loaded = None if of_pack or weights == "none" else str(fetched or weights)
    try:
        with warnings.catch_warnings():  # one per layer; the error reports the cause once
            warnings.filterwarnings("ignore", "Skipping nested container")
            base = make(include_top=False, weights=loaded, input_shape=(side, side, 3))
    except Exception as error:  # Keras raises errors of h5py, of urllib and its own
        if loaded is None:  # not about weights: memory is full now, but may not be later
            raise
        # Unfitting weights are a permanent error; a missing drive or full memory may be temporary.
        is_for_good = isinstance(error, (ValueError, LookupError, OSError))
        if start is not None and is_for_good and not getattr(error, "errno", None):
            damaged = isinstance(error, OSError)
            received = "none or damaged ones" if damaged else "those of another network"
            raise RequestError(
                f"Expected {start.name} to hold the weights of {known.display_name} without its top "
                f"layers, as Keras saves them; received {received}. Choose another file, or the "
                f"network that the weights belong to."
            ) from error
        raise TrainingError(
            f"The weights {weights!r} could not be loaded into {known.display_name}: {error}"
        ) from error
    automatic = [layer for layer in base.layers if _AUTOMATIC_NAME.fullmatch(layer.name)]
    for number, layer in enumerate(automatic):
        layer.name = f"relu_{number}"
    if batch_norm_momentum is not None:
        for layer in base.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.momentum = batch_norm_momentum
    pooled = keras.layers.GlobalAveragePooling2D(name="pooling")(base.output)
    # Any seed will do. Without one, Keras uses a generator of PyTorch's whose state a resumed run
    # cannot restore.
    dropped = keras.layers.Dropout(dropout, seed=0, name="dropout")(pooled)
    logits = keras.layers.Dense(class_count, name="logits")(dropped)
    probabilities = keras.layers.Activation("softmax", name="probabilities", dtype="float32")(
        logits
    )
    network = keras.Model(base.input, probabilities, name=name)
    if start is not None and of_pack:
        _copy_weights(open_pack(start), network)
    return network


def freeze_base(network: keras.Model) -> None:
    """Freeze all layers except the head."""
    for layer in network.layers:
        layer.trainable = layer.name == "logits"


def freeze_stages(network: keras.Model, name: str, count: int) -> None:
    """Freeze all layers up to the end of the first ``count`` stages, and unfreeze all others.

    Batch normalisation in frozen layers uses its stored statistics in training too.

    Raises
    ------
    TrainingError
        The network has no such number of stages.
    """
    stages = architecture(name).stages
    if not 0 <= count <= len(stages):
        raise TrainingError(f"Expected 0 to {len(stages)} frozen stages, received {count}.")
    last = stages[count - 1].layer if count else None
    frozen = last is not None
    for layer in network.layers:
        layer.trainable = not frozen
        frozen = frozen and layer.name != last


def _copy_weights(pack: ModelPack, network: keras.Model) -> None:
    import keras

    try:
        check_weights_of(pack.model_file)
        loaded = keras.saving.load_model(pack.model_file, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises errors of many types
        raise TrainingError(f"The network of {pack.card.name} cannot be loaded: {error}") from error
    try:
        network.set_weights(loaded.get_weights())
    except ValueError as error:
        raise RequestError(
            f"{pack.card.name} is another kind of network or has other classes; it cannot be "
            f"fine-tuned here."
        ) from error
