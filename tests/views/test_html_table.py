from btgui.views.html_table import html_table


def test_a_row_of_headings_then_the_rows():
    page = html_table(["", "Right"], [("A", "<b>1</b>"), ("B", "2")], padding=6)
    assert page == (
        "<table cellspacing='0' cellpadding='6'>"
        "<tr><th align='left'></th><th align='left'>Right</th></tr>"
        "<tr><td>A</td><td><b>1</b></td></tr><tr><td>B</td><td>2</td></tr></table>"
    )
