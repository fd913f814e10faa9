"""The names of the things that detectors trained on COCO know (Lin et al. 2014, arXiv:1405.0312)."""

# fmt: off
LABELS = [
    "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light",
    "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow",
    "elephant", "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee",
    "skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard",
    "tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple",
    "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch",
    "potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard",
    "cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase",
    "scissors", "teddy bear", "hair drier", "toothbrush",
]
# fmt: on
"""The 80 classes in their order."""

WITHOUT_A_CLASS = {12, 26, 29, 30, 45, 66, 68, 69, 71, 83}
"""The category numbers of 1 to 90 that were never annotated."""

_names = iter(LABELS)
LABELS_90 = ["" if number in WITHOUT_A_CLASS else next(_names) for number in range(1, 91)]
"""The classes by their original category number, less one; empty where there is none."""
