#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Makes tests/data/tiny_bert: a BERT of two layers with random weights, and what the reference makes of some texts.

    python3 -m venv V && V/bin/pip install torch==2.5.1 transformers==4.46.3 tokenizers==0.20.3 numpy==1.26.4 safetensors==0.4.5
    V/bin/python bench/bert_fixture.py tests/data/tiny_bert

expected.jsonl: one line a text with the numbers of its pieces and the mean of the last layer, of unit length. Weights are kept as
16-bit floats to be small; the reference reads the same ones.
"""
import json
import pathlib
import sys

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

MAX_TOKENS = 24
TEXTS = [
    "", " ", "a", "Sort a list of numbers.", "def read_file(path):\n    return open(path).read()",
    "Crème brûlée, naïve café, Ångström", "ΑΒΓ Άλφα ὄνομα", "Привет, мир! Ёжик й", "İstanbul ISTANBUL ß ẞ",
    "中文字符 and English", "日本語のテキスト が ガ", "한국어 텍스트", "emoji 😀👍🏽 and \u200b zero width", "tabs\tand\r\nlines\x00\x07",
    "[CLS] is special, [SEP] too [MASK][PAD]", "x" * 101, "y" * 100, "a_b-c.d(e)[f]{g}", "नमस्ते दुनिया", "שָׁלוֹם עולם", "مرحبا بالعالم",
    "many words " * 30, "ﬁne ligature ½ ²", "\u00a0\u3000spaces\u2028here", "e\u0301 combined \u1e69 ở", "\ufffd\U000f0000 private",
    "snake_case CamelCase HTTPServer2", "C++ templates<T>&& operator->*()", "𝕬 mathematical 𝒳", "ＦＵＬＬ　ＷＩＤＴＨ",
]


def tokenizer():
    made = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    made.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.train_from_iterator(TEXTS * 2, trainers.WordPieceTrainer(
        vocab_size=400, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
    made.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return made


def main():
    folder = pathlib.Path(sys.argv[1])
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    made = tokenizer()
    torch.manual_seed(1)
    config = BertConfig(vocab_size=made.get_vocab_size(), hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                        intermediate_size=72, max_position_embeddings=40)
    model = BertModel(config, add_pooling_layer=False).eval()
    for parameter in model.parameters():  # far from the start of training, where all texts are nearly the same
        parameter.data = (parameter.data + 0.3 * torch.randn_like(parameter.data)).half().float()
    model.half().save_pretrained(folder)
    model.float()
    made.save(str(folder / "tokenizer.json"))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": MAX_TOKENS, "do_lower_case": False}) + "\n")
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(
        {"word_embedding_dimension": 32, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}) + "\n")
    fast = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"), cls_token="[CLS]", sep_token="[SEP]",
                                   pad_token="[PAD]", unk_token="[UNK]", mask_token="[MASK]")
    with open(folder / "expected.jsonl", "w", encoding="utf-8") as out, torch.no_grad():
        for text in TEXTS:
            batch = fast([text], truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
            state = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
            vector = torch.nn.functional.normalize(state[0].mean(dim=0), dim=0)
            first = torch.nn.functional.normalize(state[0][0], dim=0)
            out.write(json.dumps({"text": text, "pieces": batch["input_ids"][0].tolist(), "mean": [round(x, 7) for x in vector.tolist()],
                                  "first": [round(x, 7) for x in first.tolist()]}) + "\n")


main()
